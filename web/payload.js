// How a page gets the files of the build when it brings them itself: as text in elements `<script type="text/plain" data-file>`.
// The same calls as web/network.js. Nothing is fetched, so it works from disk, in an opaque origin and on any host.
import { assetLoader, fromParcels } from "./assets.js";
import { LabError, failure } from "./messages.js";

const BASE = "https://attention-lab.invalid/"; // Pyodide wants addresses; nothing is ever asked of this one

export function outOfThePage({ assets }) {
  const parcels = new Map(); // name -> Blob of base64 text; held by the browser, outside the page's own memory
  const parsed =
    document.readyState === "loading"
      ? new Promise((resolve) => document.addEventListener("DOMContentLoaded", resolve, { once: true }))
      : Promise.resolve();

  async function parcel(name) {
    if (!parcels.has(name)) {
      if (!whole(name)) await parsed;
      const element = find(name);
      if (!element) throw new LabError(failure.parcel(name, "it is not there"));
      parcels.set(name, new Blob([element.textContent]));
      element.remove();
    }
    return parcels.get(name);
  }

  async function text(name) {
    const bytes = await assetLoader(assets, fromParcels({ [name]: await parcel(name) })).bytes(name);
    return new TextDecoder().decode(bytes);
  }

  return {
    base: BASE,

    // Every file that the page itself does not use, for the kernel. One that is not there is the kernel's to report.
    async parcels() {
      await parsed;
      const names = Object.keys(assets).filter((name) => parcels.has(name) || find(name));
      return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await parcel(name)])));
    },

    async worker(name) {
      const url = URL.createObjectURL(new Blob([await text(name)], { type: "text/javascript" }));
      return new Worker(url);
    },

    // The page's policy names the hash of each script that may run: no other text would.
    async script(name) {
      const script = document.createElement("script");
      script.textContent = await text(name);
      document.head.append(script);
      script.remove();
    },
  };
}

const find = (name) => document.querySelector(`script[data-file="${CSS.escape(name)}"]`);

// While the page is still being parsed, the last element may be there in part.
const whole = (name) => find(name)?.nextElementSibling != null;
