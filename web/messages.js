// Every message that crosses between the page and its kernel (a web worker), with its fields. Nothing else crosses.
// A request carries an id and ends in exactly one `answer` or `failure` with that id, or in a time-out on the page's side.

import { later, t } from "../pyapp/attention_lab/widgets/js/texts.js";

export const MESSAGES = Object.freeze({
  // page -> kernel: requests
  // Fetch and start Python. snapshot: the names of the memory snapshot's files, or null to boot without; measure: take it only
  // if the line is fast; rest: the files of the packages that the first labs do without (the snapshot has its own); whole: wait for these, too; fresh: pass by the HTTP cache; parcels: name ->
  // ArrayBuffer where the page brings the files, else null. texts: the name of the catalogue of `language`, or null for English;
  // said: what the scripts say in it, text to text, or null.
  boot: ["id", "base", "assets", "lock", "packages", "rest", "snapshot", "measure", "whole", "fresh", "parcels", "language", "texts", "said"],
  open: ["id", "lab", "language", "sha256"], //                   build the lab's document; sha256: that of the painted one
  patch: ["id", "patch"], //                                      a Bokeh patch (JSON text) made by the learner
  resume: ["id", "state"], //                                     the learner's state, for a kernel that is new to the page; answers the document
  provide: ["id", "name", "bytes"], //                            a download that the learner asked for, for Python
  rest: ["id"], //                                                nothing is waited for: fetch the files that the first labs do without
  ping: ["id"],
  // page -> a worker that is to run learners' code, which is then no kernel (runner.js)
  prepare: ["id", "base", "assets", "lock", "packages", "parcels", "said"],
  run: ["id", "request"], // see attention_lab/grading: what is to be run, and how it is told
  // kernel -> page
  progress: ["phase", "loaded", "total"], // bytes in the phase "download", else 0 of 0
  part: ["id", "patch"], // of the answer to a patch, what the learner waits for: a patch of its own, to be applied before it
  answer: ["id", "result"],
  failure: ["id", "error"], // error: {kind, what, next, detail}
});

export function message(type, fields = {}) {
  const expected = MESSAGES[type];
  if (!expected) throw new TypeError(`unknown message "${type}"; expected one of ${Object.keys(MESSAGES).join(", ")}`);
  const missing = expected.filter((name) => !(name in fields));
  const extra = Object.keys(fields).filter((name) => !expected.includes(name));
  if (missing.length || extra.length)
    throw new TypeError(`message "${type}" needs ${expected.join(", ")}; missing: ${missing.join(", ") || "none"}; unknown: ${extra.join(", ") || "none"}`);
  return { type, ...fields };
}

export function isMessage(data) {
  return data !== null && typeof data === "object" && Object.hasOwn(MESSAGES, data.type) && MESSAGES[data.type].every((name) => name in data);
}

// The boot's phases in order, each with the line that a learner reads.
export const PHASES = Object.freeze({
  download: later("Downloading Python"),
  runtime: later("Starting Python"),
  packages: later("Unpacking NumPy, Bokeh and Panel"),
  imports: later("Loading the libraries"),
  lab: later("Opening the lab"),
});

// As Chromium, Firefox, WebKit and Python say it.
const OUT_OF_MEMORY = /out of memory|could not allocate|allocation failed|cannot (allocate|enlarge) memory|failed to (allocate|grow)|MemoryError/i;

// Failures are data: what happened, what to do next, in the language of the page, and detail for whoever reports it.
export const failure = {
  asset: (name, why) => ({
    kind: "asset",
    what: t("A file that the lab needs could not be used: {name} ({why}).", { name, why }),
    next: t("Check the connection, then press Retry. Your text is kept."),
    detail: `${name}: ${why}`,
  }),
  parcel: (name, why) => ({
    kind: "asset",
    what: t("A part of this copy of the lab could not be used: {name} ({why}).", { name, why }),
    next: t("Get a fresh copy of the lab; this one is incomplete or was changed. Your text is kept while the page is open."),
    detail: `${name}: ${why}`,
  }),
  policy: (detail) => ({
    kind: "policy",
    what: t("The site that holds this page does not allow it to run WebAssembly, which Python needs."),
    next: t("Whoever runs the site can add 'wasm-unsafe-eval' to script-src in its Content-Security-Policy. Or open the lab from disk."),
    detail,
  }),
  // `rule` is the name of what keeps the worker away.
  forbidden: (rule, detail) => ({
    kind: "policy",
    what: t("The site that holds this page does not allow it to start a worker, in which Python runs: its {rule} forbids it.", { rule }),
    next: rule.startsWith("Cross")
      ? t("Whoever runs the site can send the same {rule} with the lab's scripts as with its page. Or open the lab from disk.", { rule })
      : t("Whoever runs the site can allow 'self' and blob: in {rule} of its Content-Security-Policy. Or open the lab from disk.", { rule }),
    detail,
  }),
  memory: (detail) => ({
    kind: "memory",
    what: t("This device did not give Python the memory that it needs: it is out of memory."),
    next: t("Close other tabs and programs, then press Retry. Your text is kept."),
    detail,
  }),
  // What a browser or Python threw, by its text.
  thrown: (detail, otherwise) => (OUT_OF_MEMORY.test(detail) ? failure.memory(detail) : otherwise(detail)),
  runtime: (detail) => ({
    kind: "runtime",
    what: t("Python could not start in this browser."),
    next: t("Press Retry. If it fails again, close other tabs or reload the page. Your text is kept."),
    detail,
  }),
  python: (detail) => ({
    kind: "python",
    what: t("The last change could not be computed: Python reported an error."),
    next: t("Your text is kept. Change something else, press Retry, or restart Python."),
    detail,
  }),
  hung: (seconds) => ({
    kind: "hung",
    what: t("Python gave no answer for {seconds} seconds.", { seconds }),
    next: t("Press Restart. Your text is kept."),
    detail: `no answer for ${seconds} s`,
  }),
  crash: (detail) => ({
    kind: "crash",
    what: t("The Python kernel stopped."),
    next: t("Press Restart. Your text is kept."),
    detail,
  }),
};

// Carries a failure through promises.
export class LabError extends Error {
  constructor(error) {
    super(error.what);
    this.name = "LabError";
    this.error = error;
  }
}
