// What was kept, or comes from outside, is read as if anyone had written it: field by field. What is not understood is set aside, told
// in one sentence and given to the learner as a file; the lab starts.

import { t } from "../pyapp/attention_lab/widgets/js/texts.js";

const CARRIED = "attention-lab-carried"; // over a reload: in the session's storage or, where that is full, with the page's history
const DEEPEST = 8;

export const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

// A name that means something to every object means nothing as data.
const isName = (name) => !(name in Object.prototype);

function isPlain(value, depth = 0) {
  if (typeof value !== "object" || value === null) return true;
  if (depth > DEEPEST) return false;
  return Object.keys(value).every((name) => isName(name) && isPlain(value[name], depth + 1));
}

// The fields of a JSON text; null if it holds none.
export function fieldsOf(text) {
  try {
    const value = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

const kindOf = (value) => (Array.isArray(value) ? "list" : value === null ? "nothing" : typeof value);

// Whether a value may stand in the place of another: what is nothing now may become anything, and a number nothing.
function fits(value, present) {
  const [kind, expected] = [kindOf(value), kindOf(present)];
  return isPlain(value) && (kind === expected || expected === "nothing" || (kind === "nothing" && expected === "number"));
}

// Of what was carried (a text) the values that fit the settings of now (name -> value), and what does not, or null. A setting that
// this build does not have is no fault: the other build had it.
export function sorted(text, settings) {
  const fields = fieldsOf(text);
  if (!fields) return { fit: {}, aside: text };
  const known = Object.entries(fields).filter(([name]) => settings.has(name));
  const fit = known.filter(([name, value]) => fits(value, settings.get(name)));
  const strange = Object.entries(fields).filter(([name, value]) => !isName(name) || (settings.has(name) && !fits(value, settings.get(name))));
  return { fit: Object.fromEntries(fit), aside: strange.length ? text : null };
}

// Guesses: prediction -> option, by its number or name.
export const guessesIn = (value) => (isObject(value) ? Object.fromEntries(Object.entries(value).filter(([name, each]) => isName(name) && (typeof each === "string" || Number.isInteger(each)))) : {});
export const stringsOf = (value) => (Array.isArray(value) ? value.filter((each) => typeof each === "string") : []);

export function carry(values) {
  const text = JSON.stringify(values);
  try {
    sessionStorage.setItem(CARRIED, text);
  } catch {
    history.replaceState({ [CARRIED]: text }, "");
  }
}

export function forgetCarried() {
  if (history.state?.[CARRIED] !== undefined) history.replaceState(null, "");
  try {
    sessionStorage.removeItem(CARRIED);
  } catch {
    // an opaque origin keeps nothing
  }
}

// What was carried to this page, once; null if nothing was.
export function carried() {
  const beside = history.state?.[CARRIED];
  let text = typeof beside === "string" ? beside : null;
  try {
    text = sessionStorage.getItem(CARRIED) ?? text;
  } catch {
    // an opaque origin keeps nothing
  }
  forgetCarried();
  return text;
}

export function setAside(text) {
  const note = Object.assign(document.createElement("p"), { className: "course-note kept-note", textContent: t("Some of what was kept of an earlier visit was not understood and is set aside.") });
  note.setAttribute("role", "status");
  const file = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const save = Object.assign(document.createElement("a"), { href: file, download: "attention-lab-set-aside.json", textContent: t("Save it as a file") });
  const close = Object.assign(document.createElement("button"), { type: "button", textContent: t("Close") });
  close.addEventListener("click", () => note.remove());
  note.append(" ", save, " ", close);
  document.body.prepend(note);
}
