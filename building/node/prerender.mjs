// node prerender.mjs <runtime folder> <wheels folder> <packages as JSON> <program> <languages as JSON>: the document of each lab, as
// the page's own Python makes it; what a link may say of them; and what the program then finds to have been imported.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [runtime, wheels, packages, program, languages] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(resolve(runtime, "pyodide.mjs")));
const printed = [];
const pyodide = await loadPyodide({
  indexURL: resolve(runtime),
  packageBaseUrl: resolve(wheels),
  lockFileContents: JSON.parse(readFileSync(join(wheels, "pyodide-lock.json"), "utf-8")),
  env: { PANEL_CDN_ROOT: "./", BOKEH_RESOURCES: "cdn", PYTHONHASHSEED: "0" }, // the first two as web/kernel.worker.js has them
  stdout: (line) => printed.push(line),
});
await pyodide.loadPackage(JSON.parse(packages), {
  messageCallback: () => {},
  errorCallback: (text) => {
    throw new Error(text);
  },
});
const lab = pyodide.pyimport("attention_lab.browser");
const answer = { documents: JSON.parse(lab.prerender()), teaching: { en: JSON.parse(lab.teaching()) } };
answer.spoken = {};
for (const [language, { texts, labs }] of Object.entries(JSON.parse(languages))) {
  lab.learn(language, new Uint8Array(readFileSync(texts)));
  answer.teaching[language] = JSON.parse(lab.teaching(language));
  answer.spoken[language] = JSON.parse(lab.prerender(language, JSON.stringify(labs)));
}
answer.stdlib = JSON.parse(pyodide.runPython(readFileSync(program, "utf-8")));
console.log(JSON.stringify(answer));
