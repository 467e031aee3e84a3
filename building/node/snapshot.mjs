// node snapshot.mjs <options.json>: boot the page's Python, import and warm what the page uses, and write down the heap.
// Writes heap.bin, meta.json and told.json ({documents, modules, read, again}) into the folder `out`.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { linkage, recorder } from "./record.mjs";
import { standStill } from "./still.mjs";

const SITE = "/lib/python3.13/site-packages";
const WASM_PAGE = 65536;

const { runtime, patched, stdlib, tree, warm, env, out } = JSON.parse(readFileSync(process.argv[2], "utf-8"));
const require = createRequire(import.meta.url);
require(join(patched, "pyodide.asm.js")); // puts itself where the loader looks for it
const { loadPyodide } = require(join(patched, "pyodide.js"));
standStill();
process.argv[1] = "snapshot.mjs"; // Python remembers it: where a build lies is in no memory

// As in web/kernel.worker.js; restored by name.
const entriesToObject = (entries) => Object.fromEntries(entries);
globalThis.attentionLabRunJs = () => entriesToObject;

const lock = JSON.parse(readFileSync(join(runtime, "pyodide-lock.json"), "utf-8")).info;
const record = recorder();
const pyodide = await loadPyodide({
  indexURL: runtime,
  stdLibURL: stdlib,
  lockFileContents: { info: lock, packages: {} },
  env: { ...env, PYTHONHASHSEED: "0" },
  stdout: () => {},
  _makeSnapshot: true,
  _snapshotHooks: record.hooks,
});
const Module = pyodide._module;
fill(Module.FS);
const told = {};
told.read = readBy(() => Object.assign(told, JSON.parse(pyodide.runPython(readFileSync(warm, "utf-8"), { filename: "warm.py" }))));
clearFreeMemory();

const hiwire = pyodide._api.serializeHiwireState((value) => {
  if (value === entriesToObject) return "entriesToObject";
  throw new Error(`Python holds a JavaScript value that cannot be restored: ${String(value).slice(0, 200)}`);
});
const runs = used(Module.HEAPU8);
const heap = Buffer.concat(runs.map(([start, length]) => Module.HEAPU8.subarray(start, start + length)));
const meta = { lock, memory: Module.HEAPU8.length, heap: heap.length, runs, link: linkage(Module, record), hiwire };
writeFileSync(join(out, "heap.bin"), heap);
writeFileSync(join(out, "meta.json"), JSON.stringify(meta));
told.again = readBy(() => pyodide.pyimport("attention_lab.browser").rehearse());
writeFileSync(join(out, "told.json"), JSON.stringify(told));
process.exit(0);

function fill(FS) {
  const entries = readdirSync(tree, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const path of entries.map((entry) => join(entry.parentPath, entry.name)).sort()) {
    const inside = SITE + path.slice(tree.length);
    FS.mkdirTree(dirname(inside));
    FS.writeFile(inside, readFileSync(path));
  }
}

// The files that are opened, or looked for, while `act` runs. Once the memory is kept, they are what a restored page needs, too.
function readBy(act) {
  const { FS } = Module;
  const paths = new Set();
  const kept = { open: FS.open, stat: FS.stat, lstat: FS.lstat };
  for (const [name, own] of Object.entries(kept))
    FS[name] = (path, ...rest) => {
      if (typeof path === "string") paths.add(path);
      return own(path, ...rest);
    };
  act();
  Object.assign(FS, kept);
  return [...paths].sort();
}

// Freed memory keeps what was in it. It is taken once more, largest pieces first, and zeroed: it then weighs nothing.
function clearFreeMemory() {
  const { malloc, free } = Module.LDSO.loadedLibsByName.__main__.exports;
  const end = withoutZeros(Module.HEAPU8).length;
  const taken = [];
  for (let size = 1 << 22; size >= 32; size >>= 1) {
    for (;;) {
      const address = malloc(size);
      if (!address) break;
      if (address + size > end) {
        free(address);
        break;
      }
      taken.push(address);
      Module.HEAPU8.fill(0, address, address + size);
    }
  }
  for (const address of taken) free(address);
}

function withoutZeros(bytes) {
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
  let last = words.length;
  while (last > 0 && words[last - 1] === 0) last--;
  return bytes.subarray(0, Math.ceil((last * 4) / WASM_PAGE) * WASM_PAGE);
}

// Where memory is in use, in whole pages: [[start, length], ...]. The free room between is zero, and is not kept.
function used(bytes) {
  const runs = [];
  for (let start = 0; start < bytes.length; start += WASM_PAGE) {
    const words = new Uint32Array(bytes.buffer, start, WASM_PAGE >> 2);
    if (words.every((word) => word === 0)) continue;
    const last = runs.at(-1);
    if (last && last[0] + last[1] === start) last[1] += WASM_PAGE;
    else runs.push([start, WASM_PAGE]);
  }
  return runs;
}
