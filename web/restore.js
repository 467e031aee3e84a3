// Repeats what building/node/record.mjs has recorded, in a runtime that has just been made: links the side modules where they
// were, and puts the heap back. Whatever is not as recorded throws, before the heap is touched.

import { release } from "./assets.js";

const PAGE = 65536; // of WebAssembly's memory

export class Mismatch extends Error {
  constructor(what, expected, found) {
    super(`${what}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`);
    this.name = "Mismatch";
  }
}

function same(what, expected, found) {
  if (expected !== found) throw new Mismatch(what, expected, found);
}

// The hooks for `loadPyodide`. `modules`: promise of {name: WebAssembly.Module}; `files`: promise of a packed archive (see unpack);
// `heap`: promise of its bytes, in pieces; `functions`: the page's own functions that Python holds, by the names they were kept under.
export function restoring(meta, { modules, files, heap, functions, onPhase = () => {} }) {
  const { link, hiwire } = meta;
  let bases = 0; // how many memory bases were given out
  let events = 0; // how many events have happened again
  const next = (what, found) => {
    const event = link.events[events++];
    for (const [key, value] of Object.entries(found)) same(`${what}, event ${events}, ${key}`, event?.[key], value);
  };
  let linking = false;
  const hooks = {
    memory: meta.memory,
    memoryBase(size) {
      const [expected, address] = link.memory[bases++] ?? [];
      same("size of a side module's memory", expected, size);
      return address;
    },
    sideModule: (module, memoryBase, tableBase, tableSize) => next("side module", { module, memoryBase, tableBase, tableSize }),
    tableRead: findSlotsByName,
    slot: (slot) => linking && next("table slot", { slot }),
    async restore(Module) {
      const compiled = await modules;
      linking = true;
      linkAll(Module, link, compiled, () => events);
      linking = false;
      same("side modules linked", link.memory.length, bases);
      same("length of the table", link.tableLength, Module.wasmTable.length);
      same("size of the memory", meta.memory, Module.HEAPU8.length);
      onPhase("linked");
      unpack(Module.FS, await files);
      onPhase("files");
      const pieces = await heap;
      same("size of the heap", meta.heap, pieces.reduce((sum, { length }) => sum + length, 0));
      putBack(Module.HEAPU8, meta.runs, pieces);
      onPhase("heap");
      Module.freeTableIndexes.splice(0, Infinity, ...link.freeSlots);
      useOwnTrampoline(Module);
      delete Module.snapshotHooks;
      return hiwire;
    },
  };
  const deserialize = (name) => {
    if (!functions[name]) throw new Mismatch("function kept", name, undefined);
    return functions[name];
  };
  return { _snapshotHooks: hooks, _snapshotDeserializer: deserialize };
}

// A function that is exported and in the table is one object, says WebAssembly's JavaScript interface; in WebKit (2.50) it is two.
// The name of either is the function's index in its module, and only the main module is in the table yet. `slots`: function -> slot.
function findSlotsByName(slots, table, exports) {
  const named = new Map();
  for (let slot = 0; slot < table.length; slot++) named.set(table.get(slot)?.name, slot);
  for (const value of Object.values(exports))
    if (typeof value === "function" && !slots.has(value) && named.has(value.name)) slots.set(value, named.get(value.name));
}

function linkAll(Module, link, compiled, progress) {
  const { LDSO } = Module;
  same("length of the table before linking", link.tableStart, Module.wasmTable.length);
  const entries = Object.fromEntries(link.libraries.map((library) => [library.name, library]));
  while (progress() < link.events.length) {
    const before = progress();
    const { module, from, symbol } = link.events[before];
    if (module) {
      const { refcount, global, handles } = entries[module];
      const library = Module.newDSO(module, undefined, "loading");
      library.global = global;
      library.refcount = refcount ?? Infinity;
      if (!(compiled[module] instanceof WebAssembly.Module)) throw new Mismatch("side module", module, undefined);
      library.exports = Module.loadWebAssemblyModule(compiled[module], {}, module, {}, 0);
      for (const handle of handles) LDSO.loadedLibsByHandle[handle] = library;
    } else {
      Module.addFunction(LDSO.loadedLibsByName[from].exports[symbol]);
    }
    // Each turn repeats at least one event: where an engine takes no slot (the function has one), it ends here.
    if (progress() === before) throw new Mismatch("event", link.events[before], "none");
  }
  for (const handle of link.mainHandles) LDSO.loadedLibsByHandle[handle] = LDSO.loadedLibsByName.__main__;
}

// The heap is kept without the room in it that is free, which is zero. What the runtime has written there since it started is
// wiped out; to look takes no memory, to write would. A piece is given back as soon as it is used up: the heap is never there twice.
function putBack(memory, runs, pieces) {
  const waiting = [...pieces];
  let used = 0; // of the first of them
  let end = 0;
  for (const [start, length] of runs) {
    wipe(memory, end, start);
    end = start + length;
    for (let at = start; at < end; ) {
      const part = waiting[0].subarray(used, used + end - at);
      memory.set(part, at);
      at += part.length;
      used += part.length;
      if (used === waiting[0].length) {
        release(waiting.shift());
        used = 0;
      }
    }
  }
  wipe(memory, end, memory.length);
}

function wipe(memory, start, end) {
  for (let at = start; at < end; at += PAGE) {
    const words = new Uint32Array(memory.buffer, at, PAGE >> 2);
    for (let i = 0; i < words.length; i++) {
      if (words[i] === 0) continue;
      words.fill(0);
      break;
    }
  }
}

// The function that counts a callable's arguments is the engine's own, or none: the heap holds that of the build.
function useOwnTrampoline(Module) {
  const offset = Module.HEAP32[Module.__PyEM_EMSCRIPTEN_COUNT_ARGS_OFFSET / 4];
  Module.HEAP32[(Module.__PyRuntime + offset) / 4] = Module._PyEM_CountArgsPtr ?? 0;
}

// A packed archive: the length of its index (4 bytes, little endian), the index as JSON ([name, size] in order), the contents.
export function* packed(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const index = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  let offset = 4 + length;
  for (const [name, size] of index) yield [name, bytes.subarray(offset, (offset += size))];
}

export function unpack(FS, archive) {
  const folders = new Set();
  for (const [path, bytes] of packed(archive)) {
    const folder = path.slice(0, path.lastIndexOf("/"));
    if (!folders.has(folder)) {
      FS.mkdirTree(folder);
      folders.add(folder);
    }
    FS.writeFile(path, bytes, { canOwn: true });
  }
}
