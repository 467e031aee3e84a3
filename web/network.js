// How the page gets the files of the build over the network. web/payload.js has the same calls for pages that bring them.
import { later, t } from "../pyapp/attention_lab/widgets/js/texts.js";
import { assetLoader, fromNetwork } from "./assets.js";
import { LabError, failure } from "./messages.js";
import { atMost } from "./patience.js";
import { runScript } from "./script.js";
import { blockedBy, isolation, workersOfBlobs } from "./workers.js";

const CAME = later("it did not load, or its contents are not those of this build");

export function overTheNetwork({ assets }) {
  const base = new URL(".", document.baseURI).href;
  const address = (name) => new URL(assets[name].url, base).href;

  // The answer of the server itself, past the browser's copy, which is the fresh one from then on; null without a connection.
  // What is sent to another address is told: a worker may not be.
  async function anew(name) {
    const get = (redirect) => fetch(address(name), { cache: "reload", credentials: "same-origin", redirect }).catch(() => null);
    const response = await get("follow");
    if (!response && (await get("manual"))?.type === "opaqueredirect") throw new LabError(failure.asset(name, t("the server sends it to another address")));
    if (response && response.status !== 200) throw new LabError(failure.asset(name, t("the server answered {status}", { status: response.status })));
    return response;
  }

  const whole = (name, response) => assetLoader(assets, { open: async () => response.body, broken: failure.asset }).bytes(name);

  // Where a page may start no worker from a URL. What the browser has kept is checked, and fetched anew if it is damaged.
  const workerOfBlob = workersOfBlobs(async (name, fresh) => {
    const read = (past) => assetLoader(assets, fromNetwork(assets, base, past)).bytes(name);
    return read(fresh).catch(() => read(true));
  });

  return {
    base,
    parcels: async (_names) => null,
    broken: failure.asset,

    // The body of a file that the learner asked for; `entry` is its own, outside the manifest.
    async optional({ file, url }, { signal, cache }) {
      const response = await fetch(new URL(url, base), { signal, cache, credentials: "same-origin" }).catch(() => null);
      if (!response) throw new LabError(failure.asset(file, t("no connection to the server")));
      if (!response.ok) throw new LabError(failure.asset(file, t("the server answered {status}", { status: response.status })));
      return response.body;
    },

    workerOfBlob,

    // A page of an opaque origin (a sandboxed iframe) may not start a worker from a URL, but may from a blob of the same text.
    // Chromium says so by throwing, Firefox only after the worker was made.
    async worker(name, fresh) {
      if (self.origin === "null") return workerOfBlob(name, fresh);
      const begun = globalThis.attentionLabWorker; // by web/ahead.js, for the first start
      globalThis.attentionLabWorker = null;
      if (begun && !fresh) return begun;
      begun?.terminate();
      const answer = fresh ? await anew(name) : null;
      if (answer) await whole(name, answer);
      return new Worker(address(name));
    },

    // A worker that never said a word: throws what keeps it from starting, or resolves when its script has come, whole, and the
    // browser's copy of it is that one.
    async examine(name) {
      const rule = blockedBy();
      if (rule) throw new LabError(failure.forbidden(rule, `${name}: ${rule}`));
      const response = await anew(name);
      if (!response) throw new LabError(failure.asset(name, t("no connection to the server")));
      await whole(name, response);
      const type = response.headers.get("content-type") ?? t("a file of no type");
      if (!/(java|ecma)script/.test(type)) throw new LabError(failure.asset(name, t("the server sent it as {type}, not as text/javascript", { type })));
      const isolated = await isolation(response);
      if (isolated) throw new LabError(failure.forbidden(isolated, `${name}: ${isolated}`));
    },

    async text(name) {
      const bytes = await assetLoader(assets, fromNetwork(assets, base, false)).bytes(name);
      return new TextDecoder().decode(bytes);
    },

    // Fetch a script now that will be run later.
    ahead(name) {
      const link = Object.assign(document.createElement("link"), { rel: "preload", href: address(name), crossOrigin: "anonymous", integrity: integrity(assets[name].sha256) });
      link.setAttribute("as", "script");
      document.head.append(link);
    },

    // Twice, the second time by another address (web/script.js): the copy that the browser has kept may be the damaged one. Then it
    // gets a whole one, for the next visit.
    async script(name) {
      const run = () => atMost(LONG, runScript(address(name), { crossOrigin: "anonymous", integrity: integrity(assets[name].sha256) }), () => new Error("late"));
      try {
        await run();
      } catch {
        await run().catch(() => Promise.reject(new LabError(failure.asset(name, t(CAME)))));
        void anew(name).catch(() => {});
      }
    },
  };
}

const LONG = 90; // seconds for a script, of which nothing is heard while it comes

// Hex digest -> the form that browsers check scripts against.
function integrity(sha256) {
  return `sha256-${btoa(String.fromCharCode(...sha256.match(/../g).map((byte) => parseInt(byte, 16))))}`;
}
