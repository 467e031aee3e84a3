// Small ways of looking: with an end to every wait.

import { t } from "../../pyapp/attention_lab/widgets/js/texts.js";

export function withinSeconds(seconds, promise) {
  let timer = 0;
  const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(t("nothing came within {n} seconds", { n: seconds }))), seconds * 1000)));
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

// The headers of an answer; null where the page may not ask.
export async function readsHeaders(address) {
  if (!/^https?:/.test(address.href)) return null;
  const answer = await withinSeconds(20, fetch(address, { method: "HEAD", credentials: "same-origin" })).catch(() => null);
  await answer?.text().catch(() => ""); // one that nobody reads to its end is given up
  return answer?.ok ? answer.headers : null;
}

// What a policy forbids from now on: directive and what was asked for.
export function violations() {
  const found = new Set();
  document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => found.add(`${effectiveDirective} ${blockedURI}`));
  return found;
}
