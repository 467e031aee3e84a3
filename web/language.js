// The language of a page: the one that its address names, else the first of the browser's that there is.
export const ENGLISH = "en";

export const languageAsked = () => new URLSearchParams(location.hash.slice(1)).get("language") ?? new URLSearchParams(location.search).get("language");

// known: an object whose keys are the languages that there are besides English.
export function languageOf(known) {
  const asked = languageAsked();
  const wanted = asked === null ? navigator.languages.flatMap((each) => [each, each.split("-")[0]]) : [asked];
  return wanted.find((each) => each === ENGLISH || Object.hasOwn(known, each)) ?? ENGLISH;
}

// The address of this page in a language.
export function inLanguage(language) {
  const query = new URLSearchParams(location.search);
  query.set("language", language);
  const part = new URLSearchParams(location.hash.slice(1));
  if (!part.has("language")) return `?${query}${location.hash}`;
  part.delete("language");
  return `?${query}#${part}`;
}
