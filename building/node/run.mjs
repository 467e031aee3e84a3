// node run.mjs <script> ...: run a script; a failure is told by its message and stack, without the source line, which
// in Pyodide's runtime is a megabyte long.
import { pathToFileURL } from "node:url";

process.argv.splice(1, 1);
try {
  await import(pathToFileURL(process.argv[1]));
} catch (error) {
  console.error(String(error?.message ?? error), "\n", String(error?.stack ?? "").split("\n").slice(1, 8).join("\n"));
  process.exitCode = 1;
}
