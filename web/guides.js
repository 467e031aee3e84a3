// The guides for teachers in the single file: it holds those of a language as one packed file, which is read when one is asked for.
import { ENGLISH } from "./languages.js";

const fileOf = (language) => (language === ENGLISH ? "guides.json" : `guides.${language}.json`);

// name: "guides" or "guide-<lab>"; read: gives the text of a file that the page holds.
export async function guide(name, host, read) {
  const { lang } = document.documentElement;
  const { styles, pages } = JSON.parse(await read(fileOf(lang)).catch(() => read(fileOf(ENGLISH))));
  const { title, main } = pages[name] ?? pages.guides;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  for (const { sheet: lab } of document.querySelectorAll("style")) lab.disabled = true; // a guide has its own, which prints
  document.adoptedStyleSheets = [sheet];
  host.removeAttribute("class");
  host.replaceChildren(...new DOMParser().parseFromString(main, "text/html").body.childNodes);
  document.title = title;
}
