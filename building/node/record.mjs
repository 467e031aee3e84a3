// What happens to memory and table while side modules are loaded: recorded here, repeated by web/restore.js.

export function recorder() {
  const memory = []; // [size, address] of each side module's data, in order
  const events = []; // {module} or {slot}: what took table slots, in order
  return {
    memory,
    events,
    hooks: {
      memoryBase(size, allocate) {
        const address = allocate();
        memory.push([size, address]);
        return address;
      },
      sideModule: (name, memoryBase, tableBase, tableSize) => events.push({ module: name, memoryBase, tableBase, tableSize }),
      slot: (slot, func) => events.push({ slot, func }),
    },
  };
}

// The record as data. A function is named by the side module that exports it.
export function linkage(Module, { memory, events }) {
  const { loadedLibsByName, loadedLibsByHandle } = Module.LDSO;
  const loaded = Object.values(loadedLibsByName).filter(({ name }) => name !== "__main__");
  const first = events.findIndex(({ module }) => module); // before it: what the runtime takes by itself as it starts
  const exporter = (func) => {
    for (const { name, exports } of loaded)
      for (const [symbol, value] of Object.entries(exports)) if (value === func) return { from: name, symbol };
    throw new Error(`a table slot was given to a function that no side module exports: ${func.name}`);
  };
  return {
    memory,
    tableStart: events[first].tableBase,
    events: events.slice(first).map(({ func, ...event }) => (func ? { ...event, ...exporter(func) } : event)),
    libraries: loaded.map(({ name, refcount, global }) => ({
      name,
      refcount: refcount === Infinity ? null : refcount,
      global: Boolean(global),
      handles: Object.entries(loadedLibsByHandle).flatMap(([handle, library]) => (library.name === name ? [Number(handle)] : [])),
    })),
    mainHandles: Object.entries(loadedLibsByHandle).flatMap(([handle, { name }]) => (name === "__main__" ? [Number(handle)] : [])),
    freeSlots: [...Module.freeTableIndexes],
    tableLength: Module.wasmTable.length,
  };
}
