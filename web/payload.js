// How a page gets the files of the build when it brings them itself, as parcels: base64 text, gzip inside. The same calls as
// web/network.js. Nothing is fetched, so it works from disk, in an opaque origin, and on hosts that know no .wasm.
//   payload "page":   a parcel is an element <script type="text/plain" data-file="…">
//   payload "beside": a parcel is a script `<folder>payload/<name>.js` that calls attentionLabParcel(name, text); what the page
//                     itself runs lies beside it as plain scripts, which a host's policy may ask for
import { assetLoader, fromParcels } from "./assets.js";
import { LabError, failure } from "./messages.js";
import { runScript } from "./script.js";

const BASE = "https://attention-lab.invalid/"; // Pyodide wants addresses; nothing is ever asked of this one

export function outOfThePage({ assets, payload, folder }) {
  const parcels = new Map(); // name -> Blob of base64 text; held by the browser, outside the page's own memory
  const find = payload === "page" ? foundInPage() : foundBeside(folder);

  async function parcel(name) {
    if (!parcels.has(name)) {
      const text = await find(name);
      if (text === null) throw new LabError(failure.parcel(name, "it is not there"));
      parcels.set(name, new Blob([text]));
    }
    return parcels.get(name);
  }

  async function text(name) {
    const bytes = await assetLoader(assets, fromParcels({ [name]: await parcel(name) })).bytes(name);
    return new TextDecoder().decode(bytes);
  }

  async function workerOfBlob(name) {
    return new Worker(URL.createObjectURL(new Blob([await text(name)], { type: "text/javascript" })));
  }

  // Every file that the page itself does not use, for the kernel. One that is not there is the kernel's to report.
  async function kernelParcels() {
    const names = Object.keys(assets).filter((name) => !PAGES_OWN.has(name));
    const found = await Promise.allSettled(names.map(async (name) => [name, await parcel(name)]));
    return Object.fromEntries(found.filter(({ status }) => status === "fulfilled").map(({ value }) => value));
  }

  const shared = { base: BASE, parcels: kernelParcels, text };
  if (payload === "page") return { ...shared, worker: workerOfBlob, script: async (name) => runText(await text(name)) };
  return {
    ...shared,
    // A worker with an address has the policy of its own answer. Pages from disk and of an opaque origin may not have one.
    worker: async (name) => (location.protocol === "file:" || self.origin === "null" ? workerOfBlob(name) : new Worker(folder + name)),
    script: (name) => runScript(folder + name).catch(() => Promise.reject(new LabError(failure.parcel(name, "it did not load")))),
  };
}

const PAGES_OWN = new Set(["kernel.js", "bokeh.js", "widgets.js"]);

// name -> the text of its element, which is taken out; null where there is none.
function foundInPage() {
  const parsed =
    document.readyState === "loading"
      ? new Promise((resolve) => document.addEventListener("DOMContentLoaded", resolve, { once: true }))
      : Promise.resolve();
  const element = (name) => document.querySelector(`script[data-file="${CSS.escape(name)}"]`);
  return async (name) => {
    if (!element(name)?.nextElementSibling) await parsed; // the last element may be there in part
    const found = element(name);
    found?.remove();
    return found?.textContent ?? null;
  };
}

// name -> the text that its script brings; null where it brings none.
function foundBeside(folder) {
  const arrived = new Map();
  globalThis.attentionLabParcel = (name, text) => void arrived.set(name, text);
  return async (name) => {
    await runScript(`${folder}payload/${name}.js`).catch(() => {});
    const text = arrived.get(name) ?? null;
    arrived.delete(name);
    return text;
  };
}

// The page's policy names the hash of each inline script that may run: no other text would.
function runText(text) {
  const script = document.createElement("script");
  script.textContent = text;
  document.head.append(script);
  script.remove();
}
