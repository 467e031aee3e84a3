// The kernel: Python in a web worker. pyodide.asm.js and pyodide.js stand before this code in the same file, so
// nothing is loaded by script. It answers the requests of messages.js, one after the other.
import { speak } from "../pyapp/attention_lab/widgets/js/texts.js";
import { assetLoader, fromNetwork, fromParcels } from "./assets.js";
import { LabError, failure, isMessage, message } from "./messages.js";
import { lineOf } from "./policy.js";
import { runnerRequests } from "./runner.worker.js";
import { WASM, bootPlain, bootSnapshot, plainFiles, putRest, snapshotFiles } from "./runtime.js";

const TOLD = 250; // ms between two words on what has come: each is drawn, while every processor is needed here

const post = self.postMessage.bind(self); // what runs learners' code takes it out of reach
let pyodide = null;
let python = null; // attention_lab.browser, once it is imported
let whole = async () => {}; // resolves when every file is there: the labs of a first visit do without some
let lacking = false; // some are not there yet

const requests = {
  async boot({ base, assets, lock, packages, rest, snapshot, measure, whole: everything, fresh, parcels, language, texts, said }) {
    speak(said);
    mayCompile();
    const timings = {};
    const phase = (name, from, next) => {
      if (name) timings[name] = Math.round(performance.now() - from);
      if (next) progress(next);
    };
    let loaded = 0;
    const sizeOf = (names) => names.reduce((sum, name) => sum + assets[name].bytes, 0);
    const plain = [...plainFiles({ lock, packages }), ...(everything ? [rest] : [])];
    const restored = snapshot && [...snapshotFiles(snapshot), ...(everything ? [snapshot.rest] : [])];
    let total = sizeOf(restored ?? plain);
    const loader = (past, onBytes) => assetLoader(assets, parcels ? fromParcels(parcels) : fromNetwork(assets, base, past), { onBytes });
    let last = -Infinity;
    const files = loader(fresh, (count) => {
      loaded += count;
      const now = performance.now();
      if (now - last < TOLD && loaded < total) return;
      last = now;
      post(message("progress", { phase: "download", loaded, total }));
    });
    try {
      const line = measure ? lineOf(assets, { snapshot: restored, plain, by: WASM }) : null;
      const wasm = files.stream(WASM, "application/wasm", line?.came);
      let start = snapshot ? "snapshot" : "plain";
      if (await line?.isSlow(wasm.checked)) {
        start = "plain";
        total = sizeOf(plain);
      }
      const common = { files, wasm, base, phase };
      const booted = start === "snapshot" ? bootSnapshot({ ...common, snapshot }) : bootPlain({ ...common, lock, packages });
      const others = start === "snapshot" ? snapshot.rest : rest;
      const spoken = texts && files.bytes(texts);
      if (everything) void files.bytes(others); // beside the first ones
      ({ pyodide, python } = await booted);
      lacking = true;
      whole = untilDone((again) => bring(everything && !again ? files : loader(fresh || again), others));
      if (everything) await whole();
      if (spoken) python.learn(language, await spoken);
      return { start, timings, pyodide: pyodide.version, python: pyodide.runPython("import sys; sys.version.split()[0]") };
    } catch (error) {
      throw error instanceof LabError ? error : new LabError(failure.thrown(told(error), failure.runtime));
    }
  },

  async open({ lab, language, sha256 }) {
    progress("lab");
    const from = performance.now();
    if (python.opens_others(lab)) await all();
    const opened = JSON.parse(await withAll(() => python.open(lab, language, sha256)));
    return { ...opened, ms: Math.round(performance.now() - from) };
  },

  async patch({ id, patch }) {
    if (lacking && python.opens_others(patch)) await all();
    const tell = (part) => post(message("part", { id, patch: part }));
    return { patch: await withAll(() => python.apply(patch, tell), () => python.again(patch)) };
  },
  async resume({ state }) {
    const text = JSON.stringify(state);
    if (python.opens_others(text)) await all();
    return { document: await withAll(() => python.resume(text)) };
  },
  async provide({ name, bytes }) {
    await all();
    return { patch: python.provide(name, bytes) };
  },
  rest() {
    void whole().catch(() => {}); // whoever needs them asks again
    return {};
  },
  ping: () => ({ heap: pyodide?._module.HEAPU8.length ?? 0 }),
  ...runnerRequests,
};

async function bring(files, name) {
  putRest({ pyodide, python }, await files.bytes(name));
  lacking = false;
}

// What fails for want of a file that is still to come is done when it is there.
async function withAll(act, again = act) {
  try {
    return act();
  } catch (error) {
    if (!lacking) throw error;
    await all();
    return again();
  }
}

// A request waits for every file; meanwhile the page hears that this worker lives. Whether anything comes, the loader watches.
const HEARTBEAT = 1000; // ms
async function all() {
  const beat = setInterval(() => progress("lab"), HEARTBEAT);
  try {
    await whole();
  } finally {
    clearInterval(beat);
  }
}

// Does it once; after a failure, `act(true)` tries again.
function untilDone(act) {
  let going = null;
  let failed = false;
  return () =>
    (going ??= act(failed).catch((error) => {
      [going, failed] = [null, true];
      throw error;
    }));
}

// What was thrown, and where. Stacks of Firefox and WebKit are without the text; what the runtime throws may be no Error.
function told(error) {
  const text = error?.message ? `${error.name}: ${error.message}` : String(error);
  const stack = error?.stack ?? "";
  return stack.includes(error?.message ?? text) ? stack : `${text}\n${stack}`.trim();
}

const progress = (phase) => post(message("progress", { phase, loaded: 0, total: 0 }));

// A policy that forbids WebAssembly would leave Pyodide waiting for ever; an empty module finds it out.
function mayCompile() {
  try {
    new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
  } catch (error) {
    throw new LabError(failure.policy(String(error)));
  }
}

// What is refused inside the runtime may reject a promise that nobody waits for, and the boot would never end. Where it does end, its
// own word is the better one: that has a moment.
const LAST_WORD = 1000; // ms
let booting = null; // the id of its request
self.addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  const id = booting;
  const error = failure.thrown(told(event.reason), failure.runtime);
  setTimeout(() => booting !== null && booting === id && post(message("failure", { id, error })), LAST_WORD);
});

self.onmessage = async ({ data }) => {
  if (!isMessage(data) || !Object.hasOwn(requests, data.type)) return;
  const { id, type } = data;
  if (type === "boot") booting = id;
  try {
    post(message("answer", { id, result: await requests[type](data) }));
  } catch (error) {
    const known = error instanceof LabError ? error.error : failure.thrown(String(error?.message ?? error), failure.python);
    post(message("failure", { id, error: known }));
  }
  if (type === "boot") booting = null;
};
