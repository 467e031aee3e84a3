// Runs pytest in the page's Python; the result is put on <body> as JSON: {exit_code, passed, output}.
import { loadPyodide } from "./runtime/pyodide.mjs";

async function run() {
  const text = async (name) => (await fetch(name)).text();
  const base = new URL("packages/", document.baseURI).href;
  const pyodide = await loadPyodide({
    indexURL: new URL("runtime/", document.baseURI).href,
    packageBaseUrl: base,
    lockFileContents: JSON.parse(await text("packages/pyodide-lock.json")),
  });
  await pyodide.loadPackage(JSON.parse(await text("load.json")), { messageCallback: () => {} });
  const tests = await (await fetch("tests.zip")).arrayBuffer();
  pyodide.unpackArchive(tests, "zip", { extractDir: "/tests" });
  return pyodide.runPython(await text("run_tests.py"));
}

document.body.dataset.result = await run().catch((error) =>
  JSON.stringify({ exit_code: -1, passed: 0, output: String(error?.stack ?? error) }));
