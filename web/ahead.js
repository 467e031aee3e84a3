// In the page itself, before boot.js has come: what that will ask for first, by the address and the language, is fetched beside it.
// On a later visit Python's worker is made, too: its script is large, and begins only when this page's thread has a moment, of which the
// first drawing leaves none. On a first visit that script would take a processor from the drawing, and Python waits for it in any case.
// Where a policy allows no script in a page, boot.js does all of it in its turn.
import { documentNamed, labOfTheAddress, pageOfTheAddress } from "./address.js";
import { languageOf } from "./languages.js";

const config = JSON.parse(document.getElementById("lab-config").textContent);
const language = languageOf(config.languages);
const wanted = [config.languages[language]?.page, documentNamed(config, labOfTheAddress(config), language)];
if (pageOfTheAddress(config) === null && !globalThis.attentionLabMissing) {
  for (const name of wanted.filter((each) => Object.hasOwn(config.assets, each ?? ""))) {
    const link = Object.assign(document.createElement("link"), { rel: "preload", href: config.assets[name].url, crossOrigin: "anonymous" });
    link.setAttribute("as", "fetch");
    document.head.append(link);
  }
  makeWorker(config.assets["kernel.js"].url);
}

// web/network.js takes it over. One that comes to nothing is none: the next is made by boot.js, which finds out why.
function makeWorker(address) {
  try {
    if (self.origin === "null" || !navigator.serviceWorker.controller) return;
    const worker = new Worker(address);
    globalThis.attentionLabWorker = worker;
    worker.onerror = (event) => {
      event.preventDefault();
      globalThis.attentionLabWorker = null;
    };
  } catch {
    // a policy forbids it, or the page has no service worker
  }
}
