// node bundle.mjs <options.json>: bundle each entry with esbuild. The options name the folder of the npm packages, where
// esbuild itself is one of them.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const { modules, target, entries } = JSON.parse(readFileSync(process.argv[2], "utf-8"));
const esbuild = createRequire(import.meta.url)(join(modules, "esbuild-wasm", "lib", "main.js"));

const shared = {
  bundle: true,
  minify: true,
  nodePaths: [modules],
  target,
  loader: { ".svg": "text", ".py": "text" },
  legalComments: "none", // licenses.html has them, in full
  charset: "ascii", // a host may say another encoding than ours
  logLevel: "warning",
};

// A plugin of BokehJS is a module that BokehJS calls with its own `require`, which knows @bokehjs/*.
const asPlugin = (name) => ({
  banner: { js: `(function(Bokeh){"use strict";Bokeh.register_plugin({"${name}":function(require,module,exports){` },
  footer: { js: `}},"${name}")})(Bokeh);` },
});

await Promise.all(entries.map(({ entry, outfile, options, plugin }) =>
  esbuild.build({ ...shared, ...options, ...(plugin ? asPlugin(plugin) : {}), entryPoints: [entry], outfile })));
process.exit(0); // esbuild-wasm keeps a worker
