// Where things are, seen from a page beside the lab; `places` is what the build says: names of files, or "" where the page itself
// is the lab (the single file).
import { ENGLISH } from "./languages.js";

const here = () => location.href.replace(/[?#].*$/, "");

export const addressOf = (file) => (file === "" ? here() : new URL(file, here()).href);

// An address that other computers can open.
export const isShared = (address) => /^https?:/.test(address) && !/^https?:\/\/(localhost|127\.|\[::1\])/.test(address);

// The way from one page to another: a file, or a part of the address of this one.
export function wayTo(page, { pages, lab, guides }) {
  if (page === "guides") return guides[document.documentElement.lang] ?? guides[ENGLISH];
  const there = page === "lab" ? lab || "#" : (pages[page] ?? `#page=${page}`);
  const language = new URLSearchParams(location.search).get("language");
  return there.startsWith("#") || language === null ? there : `${there}?${new URLSearchParams({ language })}`;
}
