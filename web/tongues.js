// The languages that a page beside the lab can be read in: each by its own name.
import { html, nothing } from "lit-html";
import { t } from "../pyapp/attention_lab/widgets/js/texts.js";
import { ENGLISH } from "./languages.js";

// The address of this page in a language.
function inLanguage(language) {
  const query = new URLSearchParams(location.search);
  query.set("language", language);
  const part = new URLSearchParams(location.hash.slice(1));
  if (!part.has("language")) return `?${query}${location.hash}`;
  part.delete("language");
  return `?${query}#${part}`;
}

export function menu({ catalogue }) {
  const names = Object.entries(catalogue.page.language);
  if (names.length < 2) return nothing;
  const now = document.documentElement.lang || ENGLISH;
  return html`<nav class="tongues" aria-label=${t("Languages")}>${names.map(([code, name]) => html`<a href=${inLanguage(code)} lang=${code} hreflang=${code} aria-current=${code === now ? "true" : nothing}>${name}</a> `)}</nav>`;
}
