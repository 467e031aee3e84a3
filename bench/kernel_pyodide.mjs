// node kernel_pyodide.mjs <runtime folder> <wheels folder> <program> [folder seen as /data], settings as JSON on stdin: what `run(settings)` of the
// program returns, in the page's own Python with the page's own wheels.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [runtime, wheels, program, data] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(resolve(runtime, "pyodide.mjs")));
const pyodide = await loadPyodide({
  indexURL: resolve(runtime),
  packageBaseUrl: resolve(wheels),
  lockFileContents: JSON.parse(readFileSync(join(wheels, "pyodide-lock.json"), "utf-8")),
  stdout: (line) => console.error(line),
});
await pyodide.loadPackage(["numpy", "attention"], {
  messageCallback: () => {},
  errorCallback: (text) => {
    throw new Error(text);
  },
});
if (data) pyodide.mountNodeFS("/data", resolve(data));
pyodide.runPython(readFileSync(program, "utf-8"), { filename: program });
console.log(pyodide.globals.get("run")(readFileSync(0, "utf-8")));
