"""Every change that our copy of Pyodide's loader needs, each with its reason.

A patch replaces a text that stands exactly once in its file; where it does not, the build ends. All of them
do nothing unless `loadPyodide` is given `_snapshotHooks`: the plain boot runs the same file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from building.errors import BuildError
from building.stamps import digest, file_sha256, made

PATCHED = ("pyodide.asm.js", "pyodide.js")


@dataclass(frozen=True)
class Patch:
    """One text of one file in the place of another."""

    file: str
    reason: str
    old: str
    new: str


PATCHES = (
    Patch(
        "pyodide.js",
        "The hooks must be known to the module before its first function runs. Without Python's main, memory "
        "and table are those of a fresh instance, to be filled. The size of the memory is known before the "
        "heap has come, so the module is made while the heap is on its way, and the heap needs no zeros at "
        "its end.",
        "let c=await _createPyodideModule(n);",
        "if(e._snapshotHooks){n.snapshotHooks=e._snapshotHooks;"
        "if(e._snapshotHooks.memory){n.noInitialRun=!0;n.INITIAL_MEMORY=e._snapshotHooks.memory}}"
        "let c=await _createPyodideModule(n);",
    ),
    Patch(
        "pyodide.js",
        "Between a module that is whole and Python's own start-up, side modules are linked and checked, and "
        "only then is the heap copied: `restoreSnapshot` copies before anything can be checked.",
        "let d;l&&(d=i.restoreSnapshot(l));",
        "let d;l&&(d=i.restoreSnapshot(l));e._snapshotHooks?.restore&&(d=await e._snapshotHooks.restore(c));",
    ),
    Patch(
        "pyodide.asm.js",
        "A side module's data must lie where it lay when the heap was recorded: the address is recorded, and "
        "given out again instead of being allocated.",
        "var getMemory=size=>{if(runtimeInitialized){return _calloc(size,1)}",
        "var getMemory=size=>{if(runtimeInitialized){var hooks=Module.snapshotHooks;"
        "return hooks?hooks.memoryBase(size,()=>_calloc(size,1)):_calloc(size,1)}",
    ),
    Patch(
        "pyodide.asm.js",
        "A side module's functions must have the table slots that the heap's function pointers name: where "
        "they begin is recorded, and checked before the module is made.",
        "var tableBase=metadata.tableSize?wasmTable.length:0;",
        "var tableBase=metadata.tableSize?wasmTable.length:0;"
        "Module.snapshotHooks?.sideModule(libName,memoryBase,tableBase,metadata.tableSize);",
    ),
    Patch(
        "pyodide.asm.js",
        "Single functions get table slots too (for dlsym, and for what side modules export): each is "
        "recorded, and checked.",
        "setWasmTableEntry(ret,wrapped)}functionsInTableMap.set(func,ret);return ret};",
        "setWasmTableEntry(ret,wrapped)}functionsInTableMap.set(func,ret);"
        "Module.snapshotHooks?.slot(ret,func);return ret};",
    ),
    Patch(
        "pyodide.asm.js",
        "The runtime finds out by a function's object whether it has a table slot. WebKit makes two objects "
        "of one function, so hundreds would get a second slot: there the page finds them by their names.",
        "functionsInTableMap=new WeakMap;updateTableMap(0,wasmTable.length)}",
        "functionsInTableMap=new WeakMap;updateTableMap(0,wasmTable.length);"
        "Module.snapshotHooks?.tableRead?.(functionsInTableMap,wasmTable,wasmExports)}",
    ),
    Patch(
        "pyodide.asm.js",
        "The function that counts a callable's arguments takes a table slot where the engine can compile it, "
        "and none where it cannot: all slots after it would be one off between engines. Now it always takes "
        "one.",
        "return addFunction(inst.exports.f)}catch(e){return 0}}_PyEM_InitTrampoline_js.sig",
        "return addFunction(inst.exports.f)}catch(e){getEmptyTableSlot();return 0}}"
        "_PyEM_InitTrampoline_js.sig",
    ),
    Patch(
        "pyodide.asm.js",
        "The same on iOS, where Pyodide does not try to compile it.",
        "navigator.maxTouchPoints>1);if(isIOS){return 0}const code=new Uint8Array([0,97,115,109,1,0,0,0,1,27",
        "navigator.maxTouchPoints>1);if(isIOS){getEmptyTableSlot();return 0}"
        "const code=new Uint8Array([0,97,115,109,1,0,0,0,1,27",
    ),
)


def apply(patches: tuple[Patch, ...], texts: Mapping[str, str]) -> dict[str, str]:
    """The texts with every patch made; a patch that does not match exactly once ends the build."""
    patched = dict(texts)
    for patch in patches:
        found = patched[patch.file].count(patch.old)
        if found != 1:
            raise BuildError(
                f"A patch of building/patches.py matches {found} times in {patch.file}, not once: "
                f"{patch.old[:80]!r}\nIts reason: {patch.reason}\n"
                "After a new version of Pyodide, look for what stands there now."
            )
        patched[patch.file] = patched[patch.file].replace(patch.old, patch.new)
    return patched


def patched_runtime(runtime: Path) -> Path:
    """A folder with our copies of the loader's two scripts."""
    key = digest(*(file_sha256(runtime / name) for name in PATCHED), PATCHES, file_sha256(Path(__file__)))

    def make(folder: Path) -> None:
        texts = {name: (runtime / name).read_text(encoding="utf-8") for name in PATCHED}
        for name, text in apply(PATCHES, texts).items():
            (folder / name).write_text(text, encoding="utf-8")

    return made("patched", key, make)
