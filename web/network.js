// How the page gets the files of the build over the network. web/payload.js has the same calls for pages that bring them.
import { assetLoader, fromNetwork } from "./assets.js";
import { LabError, failure } from "./messages.js";
import { runScript } from "./script.js";

export function overTheNetwork({ assets }) {
  const base = new URL(".", document.baseURI).href;
  const address = (name) => new URL(assets[name].url, base).href;

  return {
    base,
    parcels: async (_names) => null,
    broken: failure.asset,

    // The body of a file that the learner asked for; `entry` is its own, outside the manifest.
    async optional({ file, url }, { signal, cache }) {
      const response = await fetch(new URL(url, base), { signal, cache, credentials: "same-origin" }).catch(() => null);
      if (!response) throw new LabError(failure.asset(file, "no connection to the server"));
      if (!response.ok) throw new LabError(failure.asset(file, `the server answered ${response.status}`));
      return response.body;
    },

    // A page of an opaque origin (a sandboxed iframe) may not start a worker from a URL, but may from a blob of the same text.
    // Chromium says so by throwing, Firefox only after the worker was made.
    async worker(name) {
      const url = address(name);
      if (self.origin !== "null") return new Worker(url);
      const response = await fetch(url).catch(() => null);
      if (!response?.ok) throw new LabError(failure.asset(name, response ? `the server answered ${response.status}` : "no connection"));
      return new Worker(URL.createObjectURL(await response.blob()));
    },

    async text(name) {
      const bytes = await assetLoader(assets, fromNetwork(assets, base, false)).bytes(name);
      return new TextDecoder().decode(bytes);
    },

    async script(name) {
      try {
        await runScript(address(name), { crossOrigin: "anonymous", integrity: integrity(assets[name].sha256) });
      } catch {
        throw new LabError(failure.asset(name, "it did not load, or its contents are not those of this build"));
      }
    },
  };
}

// Hex digest -> the form that browsers check scripts against.
function integrity(sha256) {
  return `sha256-${btoa(String.fromCharCode(...sha256.match(/../g).map((byte) => parseInt(byte, 16))))}`;
}
