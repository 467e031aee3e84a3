// In the page itself, before boot.js has come: what that will ask for first, by the address and the language, is fetched beside it.
// Where a policy allows no script in a page, boot.js fetches it in its turn.
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
}
