// What may forbid a page to start a worker, by its name. The browser tells the page of a Content-Security-Policy while it happens;
// of isolation (Cross-Origin-Embedder-Policy) it says nothing, but the headers do.

const COEP = "cross-origin-embedder-policy";
const GOVERN = ["worker-src", "child-src", "script-src", "default-src"]; // of these the first that a policy has

let rule = "";
globalThis.document?.addEventListener("securitypolicyviolation", ({ effectiveDirective, originalPolicy }) => {
  if (effectiveDirective !== "worker-src" && effectiveDirective !== "child-src") return;
  const names = originalPolicy.split(";").map((part) => part.trim().split(/\s/)[0]);
  rule = GOVERN.find((name) => names.includes(name)) ?? effectiveDirective;
});

// The directive that has kept a worker away, or "".
export const blockedBy = () => rule;

// The header's name, if this page is isolated and the worker's script, whose answer this is, is not.
export async function isolation(answer) {
  const page = await fetch(location.href.split("#")[0], { method: "HEAD", credentials: "same-origin" }).catch(() => null);
  await page?.text().catch(() => ""); // one that nobody reads to its end is given up
  const isolated = (response) => /^(require-corp|credentialless)/.test(response?.headers.get(COEP) ?? "");
  return isolated(page) && !isolated(answer) ? "Cross-Origin-Embedder-Policy" : "";
}

// Makes workers of what `read(name, fresh)` gives. It is read once, and its blob stays: each run of a learner's program takes a worker.
export function workersOfBlobs(read) {
  const addresses = new Map();
  return async (name, fresh) => {
    if (fresh || !addresses.has(name)) addresses.set(name, URL.createObjectURL(new Blob([await read(name, fresh)], { type: "text/javascript" })));
    return new Worker(addresses.get(name));
  };
}
