// The language that a page speaks: the one that its address names; else the one that was chosen on this device; else the first of the
// browser's that there is. `languages` are those besides English, by their code; the ones with a name are offered to learners.
export const ENGLISH = "en";
const KEY = "attention-lab-language";

const there = (languages, code) => code === ENGLISH || Object.hasOwn(languages, code ?? "");

function named() {
  return new URLSearchParams(location.hash.slice(1)).get("language") ?? new URLSearchParams(location.search).get("language");
}

function chosen() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // an opaque origin keeps nothing
  }
}

// "es-MX" is served by "es", and "pt" by "pt-BR".
function spokenBy(languages, wanted) {
  if (there(languages, wanted)) return wanted;
  const [stem] = wanted.split("-");
  return there(languages, stem) ? stem : Object.keys(languages).find((code) => languages[code].name && code.split("-")[0] === stem);
}

// The part behind "#" is written anew with each step; what it said of the language stands in the query from then on.
export function settle() {
  const code = new URLSearchParams(location.hash.slice(1)).get("language");
  if (code !== null) writeIn(new URL(location.href), code);
}

function writeIn(address, code) {
  address.searchParams.set("language", code);
  try {
    history.replaceState(history.state, "", address);
  } catch {
    // an opaque origin has no address of its own
  }
}

export function languageNamed(languages) {
  const code = named();
  return there(languages, code) ? code : null;
}

const asked = () => ({ named: named(), kept: chosen(), wanted: navigator.languages });

export function languageOf(languages, { named, kept, wanted } = asked()) {
  const known = [named, kept].find((code) => there(languages, code));
  return known ?? wanted.map((code) => spokenBy(languages, code)).find((code) => code) ?? ENGLISH;
}

// What can be chosen: code -> what its speakers call it. The one that the page was opened in is among them.
export function namesOf(languages, current) {
  const offered = Object.entries(languages).filter(([code, { name }]) => name || code === current);
  return { [ENGLISH]: "English", ...Object.fromEntries(offered.map(([code, { name }]) => [code, name ?? code])) };
}

// Choose a language: for this device, and for the address where that names one or the device keeps nothing.
export function choose(code) {
  const address = new URL(location.href);
  let kept = true;
  try {
    localStorage.setItem(KEY, code);
  } catch {
    kept = false;
  }
  if (!kept || address.searchParams.has("language")) writeIn(address, code);
}

// What the page says of itself.
export function mark(root, languages, code) {
  Object.assign(root, { lang: code, dir: languages[code]?.direction ?? "ltr" });
}
