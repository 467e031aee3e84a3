// A worker that runs learners' code: Python with NumPy, out of reach of the page, the network, storage and other workers. It prepares
// itself, runs one request, and is ended by the page: what has run learners' code is never used again.
import EXPLAINING from "../pyapp/attention_lab/grading/explaining.py";
import JOINING from "../pyapp/attention_lab/grading/joining.py";
import PLAINLY from "../pyapp/attention_lab/grading/plainly.py";
import PROTOCOL from "../pyapp/attention_lab/grading/protocol.py";
import RECIPES from "../pyapp/attention_lab/grading/recipes.py";
import RUNNING from "../pyapp/attention_lab/grading/running.py";
import SAYING from "../pyapp/attention_lab/grading/saying.py";
import SHAPES from "../pyapp/attention_lab/grading/shapes.py";
import { speak } from "../pyapp/attention_lab/widgets/js/texts.js";
import { assetLoader, fromNetwork, fromParcels } from "./assets.js";
import { STDLIB, WASM, plainPython } from "./runtime.js";

const PAGE = 65536; // of WebAssembly's memory
const MOST = 640 << 20; // bytes of it that learners' code may have, Python and NumPy among them

// Our part of its Python, and where it lies until it is imported.
const HOME = "/tmp/attention-lab";
const PROGRAM = [
  ["attention_lab/__init__.py", ""],
  ["attention_lab/grading/__init__.py", ""],
  ["attention_lab/grading/protocol.py", PROTOCOL],
  ["attention_lab/grading/saying.py", SAYING],
  ["attention_lab/grading/shapes.py", SHAPES],
  ["attention_lab/grading/plainly.py", PLAINLY],
  ["attention_lab/grading/explaining.py", EXPLAINING],
  ["attention_lab/grading/recipes.py", RECIPES],
  ["attention_lab/grading/joining.py", JOINING],
  ["attention_lab/grading/running.py", RUNNING],
];

// What stays of the worker's globals: the language, and what Python's runtime calls. Anything else is a way out.
const KEPT = new Set(
  ("Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean String Symbol Date Promise RegExp Error AggregateError " +
    "EvalError RangeError ReferenceError SyntaxError TypeError URIError SuppressedError DisposableStack AsyncDisposableStack globalThis JSON Math " +
    "Intl ArrayBuffer Atomics Uint8Array Int8Array Uint16Array Int16Array Uint32Array Int32Array Float16Array Float32Array Float64Array " +
    "Uint8ClampedArray BigUint64Array BigInt64Array DataView Map BigInt Set Iterator WeakMap WeakSet WeakRef Proxy Reflect FinalizationRegistry " +
    "decodeURI decodeURIComponent encodeURI encodeURIComponent isFinite isNaN constructor " +
    "WebAssembly TextDecoder TextEncoder performance crypto console setTimeout clearTimeout queueMicrotask").split(" "),
);

let run = null; // JSON text -> JSON text: in JavaScript 1.0 and 1 would be the same

export const runnerRequests = {
  async prepare({ base, assets, lock, packages, parcels, said }) {
    speak(said);
    const files = assetLoader(assets, parcels ? fromParcels(parcels) : fromNetwork(assets, base, false));
    const wasm = files.stream(WASM, "application/wasm");
    const options = { jsglobals: {} }; // Python's module `js`
    const pyodide = await plainPython({ files, wasm, base, lock, packages, phase: () => {}, options });
    run = imported(pyodide);
    holdMemory();
    bare();
    return {};
  },

  run({ request }) {
    const once = run;
    run = null;
    return once(request);
  },
};

// The program is in memory from here on, and in no file. `pyodide_js`, which is all of the runtime, goes too.
function imported(pyodide) {
  const { FS } = pyodide;
  FS.mkdirTree(`${HOME}/attention_lab/grading`);
  for (const [name, text] of PROGRAM) FS.writeFile(`${HOME}/${name}`, text);
  const sys = pyodide.pyimport("sys");
  sys.path.insert(0, HOME);
  const python = pyodide.pyimport("attention_lab.grading.running");
  python.rehearse();
  sys.path.pop(0);
  for (const [name] of PROGRAM) FS.unlink(`${HOME}/${name}`);
  sys.modules.pop("pyodide_js");
  pyodide.unregisterJsModule("pyodide_js");
  const { loads, dumps } = pyodide.pyimport("json");
  return (request) => dumps(python.answer(loads(request)));
}

// Memory that it may not have is refused to Python, which then raises a MemoryError.
function holdMemory() {
  const { grow } = WebAssembly.Memory.prototype;
  WebAssembly.Memory.prototype.grow = function (pages) {
    if (this.buffer.byteLength + pages * PAGE > MOST) throw new RangeError("out of memory");
    return grow.call(this, pages);
  };
}

function bare() {
  for (let object = self; object !== null && object !== Object.prototype; object = Object.getPrototypeOf(object))
    for (const name of Object.getOwnPropertyNames(object)) if (!KEPT.has(name)) Reflect.deleteProperty(object, name);
}
