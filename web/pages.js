// The pages beside the lab: for teachers, and the tech check. In the site and the folder each is a page of its own; the single file
// shows them, and the guides, in the place of the lab (web/boot.js). What a page knows of the labs comes from the build, as JSON; what
// it says in another language than English comes as a script of that language.
import { later, t } from "../pyapp/attention_lab/widgets/js/texts.js";
import { check } from "./check/page.js";
import { guide } from "./guides.js";
import { languageOf, mark } from "./languages.js";
import { runScript } from "./script.js";
import { teach } from "./teach/page.js";

const PAGES = { check: [check, later("Tech check")], teach: [teach, later("For teachers")] };
const SYSTEM = matchMedia("(prefers-color-scheme: dark)");

// read: gives the text of a file that the single file holds.
async function open(name, host, told, read) {
  const follow = () => (document.documentElement.dataset.theme = SYSTEM.matches ? "dark" : "light");
  SYSTEM.addEventListener("change", follow);
  follow();
  if (Object.hasOwn(PAGES, name)) {
    const [page, title] = PAGES[name];
    page(host, { ...told, catalogue: globalThis.attentionLabTeaching ?? told.catalogue });
    document.title = `${t(title)} · Attention Lab`;
  } else {
    await guide(name, host, read);
  }
  document.documentElement.dataset.page = name;
}

globalThis.attentionLabPages = Object.freeze({ open });

async function begin(host) {
  const told = JSON.parse(document.getElementById("lab-pages").textContent);
  const language = languageOf(told.languages);
  const { script } = told.languages[language] ?? {};
  const came = script && (await runScript(script).then(() => true, () => false)); // without it the page speaks English
  if (came) mark(document.documentElement, told.languages, language);
  await open(host.dataset.page, host, told);
}

const host = document.querySelector("main[data-page]");
if (host) void begin(host);
