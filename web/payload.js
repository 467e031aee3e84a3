// How a page gets the files of the build when it brings them itself, as parcels: base64 text, gzip inside. The same calls as
// web/network.js. Nothing is fetched, so it works from disk, in an opaque origin, and on hosts that know no .wasm.
//   payload "page":   a parcel is an element <script type="text/plain" data-file="…">
//   payload "beside": a parcel is a script `<folder>payload/<name>.js` that calls attentionLabParcel(name, text); what the page
//                     itself runs lies beside it as plain scripts, which a host's policy may ask for
import { t } from "../pyapp/attention_lab/widgets/js/texts.js";
import { assetLoader, fromParcels } from "./assets.js";
import { LabError, failure } from "./messages.js";
import { runScript } from "./script.js";
import { blockedBy, workersOfBlobs } from "./workers.js";

const BASE = "https://attention-lab.invalid/"; // Pyodide wants addresses; nothing is ever asked of this one

export function outOfThePage({ assets, payload, folder }) {
  const parcels = new Map(); // name -> Blob of base64 text; held by the browser, outside the page's own memory
  const find = payload === "page" ? foundInPage() : foundBeside(folder);

  // fresh: get it once more, if that can be. What was taken out of the page is not there a second time.
  async function parcel(name, fresh) {
    if (!parcels.has(name) || (fresh && payload === "beside")) {
      const text = await find(name);
      if (text === null) throw new LabError(failure.parcel(name, t("it is not there")));
      parcels.set(name, new Blob([text]));
    }
    return parcels.get(name);
  }

  async function text(name, fresh) {
    const bytes = await assetLoader(assets, fromParcels(await bytesOf([name], fresh))).bytes(name);
    return new TextDecoder().decode(bytes);
  }

  const workerOfBlob = workersOfBlobs(text);

  // name -> the bytes of its text: WebKit lets no Blob be read in a worker of a page from disk. One that is not there is left out,
  // for whoever reads it to report.
  async function bytesOf(names, fresh) {
    const found = await Promise.allSettled(names.map(async (name) => [name, await (await parcel(name, fresh)).arrayBuffer()]));
    return Object.fromEntries(found.filter(({ status }) => status === "fulfilled").map(({ value }) => value));
  }

  // A file that the learner asked for: decoded now, and not before.
  const optional = async ({ file }) => fromParcels(await bytesOf([file])).open(file);

  // A worker that never said a word: throws what keeps it from starting. Where its own file may be the reason, the next one is made
  // out of a parcel.
  let fromFile = payload === "beside" && location.protocol !== "file:" && self.origin !== "null";
  async function examine(name) {
    const rule = blockedBy();
    if (!fromFile || rule) throw new LabError(rule ? failure.forbidden(rule, `${name}: ${rule}`) : failure.crash("the worker's script did not load"));
    fromFile = false;
    await text(name); // names it, if that is not whole either
  }

  const shared = { base: BASE, parcels: bytesOf, ahead: () => {}, text, optional, workerOfBlob, examine, broken: failure.parcel };
  if (payload === "page") return { ...shared, worker: workerOfBlob, script: async (name) => runText(await text(name)) };
  return {
    ...shared,
    // A worker with an address has the policy of its own answer. Pages from disk and of an opaque origin may not have one.
    worker: async (name, fresh) => (fromFile ? new Worker(folder + name) : workerOfBlob(name, fresh)),
    script: (name) => runWhole(folder, name).catch(() => runWhole(folder, name)), // the second time by another address
  };
}

// Scripts say at their end that they are whole: one that was cut short loads, too.
async function runWhole(folder, name) {
  let whole = false;
  globalThis.attentionLabWhole = (which) => (whole ||= which === name);
  await runScript(folder + name).catch(() => Promise.reject(new LabError(failure.parcel(name, t("it did not load")))));
  if (!whole) throw new LabError(failure.parcel(name, t("it is damaged")));
}

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
