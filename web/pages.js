// The pages beside the lab: for teachers, and the tech check. In the site and the folder each is a page of its own; the single file
// shows them in the place of the lab (web/boot.js). What a page knows of the labs comes from the build, as JSON.
import { check } from "./check/page.js";
import { teach } from "./teach/page.js";

const PAGES = { check, teach };
const SYSTEM = matchMedia("(prefers-color-scheme: dark)");

function open(name, host, told) {
  const follow = () => (document.documentElement.dataset.theme = SYSTEM.matches ? "dark" : "light");
  SYSTEM.addEventListener("change", follow);
  follow();
  PAGES[name](host, told);
  document.documentElement.dataset.page = name;
}

globalThis.attentionLabPages = Object.freeze({ open });

const host = document.querySelector("main[data-page]");
if (host) open(host.dataset.page, host, JSON.parse(document.getElementById("lab-pages").textContent));
