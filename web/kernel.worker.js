// The kernel: Python in a web worker. pyodide.asm.js and pyodide.js stand before this code in the same file, so
// nothing is loaded by script. It answers the requests of messages.js, one after the other.
import { assetLoader, fromNetwork, fromParcels } from "./assets.js";
import { LabError, failure, isMessage, message } from "./messages.js";

const RUNTIME = ["pyodide.asm.wasm", "python_stdlib.zip"];
const MOUNT = "pyodide-assets/"; // what Pyodide asks for below this path comes from the asset loader

let pyodide = null;
let python = null; // attention_lab.browser, once it is imported

const requests = {
  async boot({ base, assets, lock, packages, fresh, parcels }) {
    mayCompile();
    const timings = {};
    const phase = (name, from) => {
      timings[name] = Math.round(performance.now() - from);
    };
    let loaded = 0;
    const names = [...RUNTIME, lock, ...packages];
    const total = names.reduce((sum, name) => sum + assets[name].bytes, 0);
    const files = assetLoader(assets, parcels ? fromParcels(parcels) : fromNetwork(assets, base, fresh), {
      onBytes: (count) => {
        loaded += count;
        postMessage(message("progress", { phase: "download", loaded, total }));
      },
    });
    const begin = performance.now();
    const wasm = files.stream("pyodide.asm.wasm", "application/wasm");
    const downloads = Promise.all([wasm.checked, ...names.slice(1).map((name) => files.bytes(name))]).then(() => {
      phase("download", begin);
      progress("runtime");
    });
    downloads.catch(() => {}); // awaited below, once Pyodide has been started

    const mount = new URL(MOUNT, base).href;
    const network = self.fetch;
    self.fetch = async (resource, options) => {
      const url = String(resource?.url ?? resource);
      if (!url.startsWith(mount)) return network(resource, options);
      const name = decodeURIComponent(url.slice(mount.length));
      if (name === "pyodide.asm.wasm") return wasm.response;
      // A file that failed never arrives: `downloads` reports it, and Pyodide does not go on with half of its files.
      const bytes = await files.bytes(name).catch(() => new Promise(() => {}));
      return new Response(bytes);
    };
    // An eval-free stand-in for pyodide.code.run_js, which browser.py puts in its place.
    self.attentionLabRunJs = () => entriesToObject;

    try {
      const lockText = new TextDecoder().decode(await files.bytes(lock));
      const boot = loadPyodide({
        indexURL: mount,
        packageBaseUrl: mount,
        lockFileContents: JSON.parse(lockText),
        env: { PANEL_CDN_ROOT: "./", BOKEH_RESOURCES: "cdn" },
        stdout: () => {},
      }).then((ready) => {
        phase("runtime", begin);
        return ready;
      });
      // A wasm file that fails leaves loadPyodide waiting for ever: whichever fails first decides.
      [pyodide] = await Promise.all([boot, downloads]);
      progress("packages");
      let from = performance.now();
      const failed = [];
      await pyodide.loadPackage(packages.map(packageName), {
        checkIntegrity: false, // each file's hash was checked as it came
        messageCallback: () => {},
        errorCallback: (text) => failed.push(text),
      });
      if (failed.length) throw new LabError(failure.runtime(failed.join("\n")));
      phase("packages", from);
      progress("imports");
      from = performance.now();
      python = pyodide.pyimport("attention_lab.browser");
      phase("imports", from);
      return { timings, pyodide: pyodide.version, python: pyodide.runPython("import sys; sys.version.split()[0]") };
    } catch (error) {
      throw error instanceof LabError ? error : new LabError(failure.runtime(String(error?.stack ?? error)));
    }
  },

  open({ lab, sha256 }) {
    progress("lab");
    const from = performance.now();
    const opened = JSON.parse(python.open(lab, sha256));
    return { ...opened, ms: Math.round(performance.now() - from) };
  },

  patch: ({ patch }) => ({ patch: python.apply(patch) }),
  resume: ({ properties }) => ({ patch: python.resume(JSON.stringify(properties)) }),
  ping: () => ({ heap: pyodide?._module.HEAPU8.length ?? 0 }),
};

// Names of wheels in the lock are those of the packages: numpy-2.2.5-….whl -> numpy.
const packageName = (file) => file.split("-")[0].toLowerCase().replaceAll(/[._]+/g, "-");

const progress = (phase) => postMessage(message("progress", { phase, loaded: 0, total: 0 }));

// A policy that forbids WebAssembly would leave Pyodide waiting for ever; an empty module finds it out.
function mayCompile() {
  try {
    new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
  } catch (error) {
    throw new LabError(failure.policy(String(error)));
  }
}

function entriesToObject(entries) {
  return Object.fromEntries(entries.map(([key, value]) => [key, value === undefined ? null : value]));
}

self.onmessage = async ({ data }) => {
  if (!isMessage(data) || !(data.type in requests)) return;
  const { id, type } = data;
  try {
    postMessage(message("answer", { id, result: await requests[type](data) }));
  } catch (error) {
    const known = error instanceof LabError ? error.error : failure.python(String(error?.message ?? error));
    postMessage(message("failure", { id, error: known }));
  }
};
