// Python in this worker, from the files of the build: by the plain boot, or from a memory snapshot. Both resolve with Pyodide,
// our part of Python (attention_lab.browser), and how long each phase took. `wasm`: WASM as a stream of `files`, on its way.
import { release } from "./assets.js";
import { LabError, failure } from "./messages.js";
import { packed, restoring, unpack } from "./restore.js";

const MOUNT = "pyodide-assets/"; // what Pyodide asks for below this path comes from the asset loader
export const WASM = "pyodide.asm.wasm";
export const STDLIB = "python_stdlib.zip";
export const ENVIRONMENT = { PANEL_CDN_ROOT: "./", BOKEH_RESOURCES: "cdn" };

// The files that each way to boot reads. Each has one more, a `rest`, which the labs of a first visit do without.
export const plainFiles = ({ lock, packages }) => [WASM, STDLIB, lock, ...packages];
export const snapshotFiles = ({ meta, libraries, files, heap }) => [WASM, meta, libraries, files, heap];

export async function bootPlain(given) {
  const pyodide = await plainPython(given);
  const from = performance.now();
  const python = pyodide.pyimport("attention_lab.browser");
  given.phase("imports", from);
  return { pyodide, python };
}

// Pyodide with these packages, and nothing imported. `options`: what loadPyodide is told besides.
export async function plainPython({ files, wasm, base, lock, packages, phase, options = {} }) {
  const begin = performance.now();
  const names = [STDLIB, lock, ...packages];
  const downloads = Promise.all([wasm.checked, ...names.map((name) => files.bytes(name))]).then(() => phase("download", begin, "runtime"));
  downloads.catch(() => {}); // awaited below, once Pyodide has been started
  const unmount = mount(base, {
    respond: async (name) => {
      if (name === WASM) return wasm.response;
      // A file that failed never arrives: `downloads` reports it, and Pyodide does not go on with half of its files.
      const bytes = await files.bytes(name).catch(() => new Promise(() => {}));
      const response = new Response(bytes);
      if (await responsesCopy()) release(bytes);
      return response;
    },
  });
  const lockText = new TextDecoder().decode(await files.bytes(lock));
  const boot = loadPyodide({ ...common(base), ...options, lockFileContents: JSON.parse(lockText) }).then((ready) => {
    phase("runtime", begin);
    return ready;
  });
  // A wasm file that fails leaves loadPyodide waiting for ever: whichever fails first decides.
  const [pyodide] = await Promise.all([boot, downloads]);
  phase(null, 0, "packages");
  const from = performance.now();
  const failed = [];
  await pyodide.loadPackage(packages.map(packageName), {
    checkIntegrity: false, // each file's hash was checked as it came
    messageCallback: () => {},
    errorCallback: (text) => failed.push(text),
  });
  if (failed.length) throw new LabError(failure.runtime(failed.join("\n")));
  unmount();
  phase("packages", from, "imports");
  return pyodide;
}

export async function bootSnapshot({ files, wasm, base, snapshot, phase }) {
  const begin = performance.now();
  const heap = files.pieces(snapshot.heap);
  const others = [snapshot.meta, snapshot.libraries, snapshot.files].map((name) => files.bytes(name));
  const downloads = Promise.all([wasm.checked, ...others, heap]).then(() => phase("download", begin, "runtime"));
  downloads.catch(() => {});
  const unmount = mount(base, {
    // The standard library is one of the files that are put in place before the heap.
    respond: (name) => (name === WASM ? wasm.response : new Response()),
  });
  const modules = files.bytes(snapshot.libraries).then(compileAll);
  modules.catch(() => {});
  const meta = JSON.parse(new TextDecoder().decode(await files.bytes(snapshot.meta)));
  const boot = loadPyodide({
    ...common(base),
    lockFileContents: { info: meta.lock, packages: {} },
    ...restoring(meta, {
      modules,
      files: files.bytes(snapshot.files),
      heap,
      functions: { entriesToObject },
      onPhase: (name) => phase(name, begin),
    }),
  });
  const [pyodide] = await Promise.all([boot, downloads]);
  unmount();
  const python = pyodide.pyimport("attention_lab.browser");
  python.restored();
  phase("runtime", begin);
  return { pyodide, python };
}

const common = (base) => {
  const folder = new URL(MOUNT, base).href;
  // An eval-free stand-in for pyodide.code.run_js, which browser.py puts in its place.
  self.attentionLabRunJs = () => entriesToObject;
  return { indexURL: folder, packageBaseUrl: folder, env: { ...ENVIRONMENT }, stdout: () => {} };
};

// Whether a Response has a copy of the bytes that it is made of, as it should; WebKit's has the bytes themselves.
async function responsesCopy() {
  const bytes = new Uint8Array(1);
  const response = new Response(bytes);
  release(bytes);
  return (await response.arrayBuffer()).byteLength === 1;
}

// While it is mounted, `fetch` below MOUNT is answered by `respond(name)`.
function mount(base, { respond }) {
  const folder = new URL(MOUNT, base).href;
  const network = self.fetch;
  self.fetch = async (resource, options) => {
    const url = String(resource?.url ?? resource);
    return url.startsWith(folder) ? respond(decodeURIComponent(url.slice(folder.length))) : network(resource, options);
  };
  return () => {
    self.fetch = network; // and let go of the files
  };
}

// The files that the labs of a first visit do without.
export function putRest({ pyodide, python }, bytes) {
  unpack(pyodide.FS, bytes);
  python.all_here();
}

async function compileAll(archive) {
  const compiled = [...packed(archive)].map(async ([name, bytes]) => [name, await WebAssembly.compile(bytes)]);
  release(archive); // the compiler has copies
  return Object.fromEntries(await Promise.all(compiled));
}

// Names of wheels in the lock are those of the packages: numpy-2.2.5-….whl -> numpy.
const packageName = (file) => file.split("-")[0].toLowerCase().replaceAll(/[._]+/g, "-");

function entriesToObject(entries) {
  return Object.fromEntries(entries.map(([key, value]) => [key, value === undefined ? null : value]));
}
