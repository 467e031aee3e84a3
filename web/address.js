// What an address names: the lab that it opens, and the file with the document that is painted first.
import { ENGLISH } from "./languages.js";

export const FIRST_LAB = "stepper"; // see attention_lab/link.py
const OF_THE_PAGE = new Set(["theme", "embed", "lock", "counts", "boot", "language", "present", "page"]);

// One that names none but holds a state is of the time when there was one lab; a bare address, or one that only says how the page is to
// be, opens the first. A lab that is locked is that of the part before the "#".
export function labOfTheAddress({ labs }) {
  const before = new URLSearchParams(location.search);
  const locked = before.has("lab") && (before.get("lock") ?? "").split(",").includes("lab");
  const fields = locked ? before : new URLSearchParams(location.hash.slice(1) || location.search);
  const named = fields.get("lab");
  if (labs.includes(named)) return named;
  const isOld = named === null && [...fields.keys()].some((name) => !OF_THE_PAGE.has(name));
  return isOld && labs.includes(FIRST_LAB) ? FIRST_LAB : labs[0];
}

export function pageOfTheAddress({ pages }) {
  const named = new URLSearchParams(location.hash.slice(1)).get("page") ?? new URLSearchParams(location.search).get("page");
  const kind = named?.startsWith("guide-") ? "guides" : named; // there is one for each lab
  return Object.hasOwn(pages ?? {}, kind ?? "") ? named : null;
}

// The first lab's, in English, is in the page: that has no file.
export function documentNamed({ labs }, lab, language) {
  if (language !== ENGLISH) return `document-${lab}.${language}.json`;
  return lab === labs[0] ? null : `document-${lab}.json`;
}
