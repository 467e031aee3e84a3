// node run_python.mjs <pyodide folder> <program> <job folder> ...: run a Python program in the page's own Python, with the job at /job;
// for several jobs, one after the other in the same interpreter.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [runtime, program, ...jobs] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(resolve(runtime, "pyodide.mjs")));
const pyodide = await loadPyodide({
  indexURL: resolve(runtime),
  lockFileContents: { info: JSON.parse(readFileSync(resolve(runtime, "pyodide-lock.json"))).info, packages: {} },
  env: { PYTHONHASHSEED: "0" },
});
const text = readFileSync(program, "utf-8");
for (const job of jobs) {
  pyodide.mountNodeFS("/job", resolve(job));
  pyodide.runPython(text, { filename: program });
  pyodide.FS.unmount("/job");
}
