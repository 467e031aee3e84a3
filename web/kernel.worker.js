// The kernel: Python in a web worker. pyodide.asm.js and pyodide.js stand before this code in the same file, so
// nothing is loaded by script. It answers the requests of messages.js, one after the other.
import { assetLoader, fromNetwork, fromParcels } from "./assets.js";
import { LabError, failure, isMessage, message } from "./messages.js";
import { costsMore } from "./policy.js";
import { runnerRequests } from "./runner.worker.js";
import { WASM, bootPlain, bootSnapshot, plainFiles, snapshotFiles } from "./runtime.js";

const post = self.postMessage.bind(self); // what runs learners' code takes it out of reach
let pyodide = null;
let python = null; // attention_lab.browser, once it is imported

const requests = {
  async boot({ base, assets, lock, packages, snapshot, measure, fresh, parcels }) {
    mayCompile();
    const timings = {};
    const phase = (name, from, next) => {
      if (name) timings[name] = Math.round(performance.now() - from);
      if (next) progress(next);
    };
    let loaded = 0;
    const sizeOf = (names) => names.reduce((sum, name) => sum + assets[name].bytes, 0);
    const plain = plainFiles({ lock, packages });
    let total = sizeOf(snapshot ? snapshotFiles(snapshot) : plain);
    const files = assetLoader(assets, parcels ? fromParcels(parcels) : fromNetwork(assets, base, fresh), {
      onBytes: (count) => {
        loaded += count;
        post(message("progress", { phase: "download", loaded, total }));
      },
    });
    try {
      const wasm = files.stream(WASM, "application/wasm");
      let start = snapshot ? "snapshot" : "plain";
      if (measure && costsMore(assets, { snapshot: snapshotFiles(snapshot), plain, arrivals: await wasm.checked })) {
        start = "plain";
        total = sizeOf(plain);
      }
      const common = { files, wasm, base, phase };
      const booted = start === "snapshot" ? bootSnapshot({ ...common, snapshot }) : bootPlain({ ...common, lock, packages });
      ({ pyodide, python } = await booted);
      return { start, timings, pyodide: pyodide.version, python: pyodide.runPython("import sys; sys.version.split()[0]") };
    } catch (error) {
      throw error instanceof LabError ? error : new LabError(failure.thrown(told(error), failure.runtime));
    }
  },

  open({ lab, sha256 }) {
    progress("lab");
    const from = performance.now();
    const opened = JSON.parse(python.open(lab, sha256));
    return { ...opened, ms: Math.round(performance.now() - from) };
  },

  patch: ({ patch }) => ({ patch: python.apply(patch) }),
  resume: ({ state }) => ({ document: python.resume(JSON.stringify(state)) }),
  provide: ({ name, bytes }) => ({ patch: python.provide(name, bytes) }),
  ping: () => ({ heap: pyodide?._module.HEAPU8.length ?? 0 }),
  ...runnerRequests,
};

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
