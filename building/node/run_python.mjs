// node run_python.mjs <pyodide folder> <program> <job folder>: run a Python program in the page's own Python, with the job at /job.
// A fresh interpreter for every package: what else was compiled before must not show in the bytes.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [runtime, program, job] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(resolve(runtime, "pyodide.mjs")));
const pyodide = await loadPyodide({
  indexURL: resolve(runtime),
  lockFileContents: { info: JSON.parse(readFileSync(resolve(runtime, "pyodide-lock.json"))).info, packages: {} },
  env: { PYTHONHASHSEED: "0" },
});
pyodide.mountNodeFS("/job", resolve(job));
pyodide.runPython(readFileSync(program, "utf-8"), { filename: program });
