// What is looked at on a device, one after the other. Each test answers {state, says, ask}: "good"; "less" for what the lab can do
// without; "bad" for what it cannot; "open" where nothing can be said here. `ask` is the sentence for whoever can change it.
import { later, t } from "../../pyapp/attention_lab/widgets/js/texts.js";
import { missing } from "../needs.js";
import { readsHeaders, withinSeconds } from "./looking.js";

const good = (says) => ({ state: "good", says, ask: "" });
const less = (says, ask = "") => ({ state: "less", says, ask });
const bad = (says, ask) => ({ state: "bad", says, ask });
const open = (says) => ({ state: "open", says, ask: "" });

const EMPTY_MODULE = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
const PAGE_OF_MEMORY = 65536;
const MEMORY = 256 << 20; // bytes: what Python, NumPy and the labs take, with room
const LOW_MEMORY = 2; // GB, as far as browsers tell

const BROWSERS = [["Edge", /Edg\/(\d+)/], ["Firefox", /Firefox\/(\d+)/], ["Chrome", /Chrom(?:e|ium)\/(\d+)/], ["Safari", /Version\/(\d+(?:\.\d+)?).*Safari/]];

export function browserName(agent = navigator.userAgent) {
  const [name, version] = BROWSERS.map(([each, pattern]) => [each, pattern.exec(agent)?.[1]]).find(([, found]) => found) ?? [t("A browser that does not say its name"), ""];
  return `${name} ${version}`.trim();
}

function browser({ oldest }) {
  if (missing.length === 0) return good(browserName());
  return bad(t("{browser} lacks {what}.", { browser: browserName(), what: missing.map((each) => t(each)).join(", ") }), t("Please put a newer browser on these devices: the lab works in {oldest} and newer ones.", { oldest }));
}

async function webAssembly() {
  try {
    await WebAssembly.instantiate(EMPTY_MODULE);
    return good(t("It runs."));
  } catch (error) {
    return bad(t("It does not run: {why}", { why: error.message ?? error }), t("Please allow WebAssembly for the lab: it is switched off by a policy of the browser or of the page (in a Content-Security-Policy, script-src needs 'wasm-unsafe-eval')."));
  }
}

async function workers() {
  const address = URL.createObjectURL(new Blob(["postMessage(1)"], { type: "text/javascript" }));
  try {
    const worker = new Worker(address);
    const answered = new Promise((resolve, reject) => Object.assign(worker, { onmessage: resolve, onerror: () => reject(new Error(t("it did not start"))) }));
    await withinSeconds(10, answered);
    worker.terminate();
    return good(t("They start."));
  } catch (error) {
    return bad(t("They do not start: {why}", { why: error.message ?? error }), t("Please allow web workers for the lab (in a Content-Security-Policy: worker-src 'self' blob:)."));
  } finally {
    URL.revokeObjectURL(address);
  }
}

async function storage() {
  try {
    localStorage.setItem("attention-lab-check", "1");
    localStorage.removeItem("attention-lab-check");
  } catch {
    return less(t("This page may keep nothing. The lab works; progress and the choice of light or dark last for one visit."), t("If students' progress is to be kept between visits, please allow the lab to store data (site data, cookies) on these devices."));
  }
  const { quota, usage = 0 } = (await navigator.storage?.estimate?.().catch(() => null)) ?? {};
  return good(quota ? t("It keeps what it is given; about {n} MB are free for it.", { n: Math.round((quota - usage) / 1e6).toLocaleString("en") }) : t("It keeps what it is given."));
}

async function serviceWorker({ form, places }) {
  if (form !== "site") return open(t("Not needed: this copy brings its files with it."));
  if (!window.isSecureContext) return less(t("The page does not come over https, so the lab cannot keep itself on the device: each visit needs the line."), t("Please serve the lab over https: then it stays on the device after the first visit, and works without the network."));
  const worker = navigator.serviceWorker;
  const registration = await worker?.getRegistration().catch(() => null);
  if (!worker || registration === null) return less(t("This browser lets no page keep itself on the device (a private window, or a policy)."), t("If the lab is to work without the network after a first visit, please allow service workers and site data for it."));
  if (registration?.active) return good(t("The lab is kept on this device."));
  const answer = await readsHeaders(new URL("sw.js", new URL(places.lab, location.href)));
  if (answer && !/javascript/.test(answer.get("content-type") ?? "")) return less(t("The host sends sw.js as another type than JavaScript."), t("Please send sw.js as text/javascript, so that the lab can keep itself on the device."));
  return good(t("It can keep the lab on this device: that happens after a first visit to the lab."));
}

async function frames({ form, places }) {
  const own = self.origin === "null" ? ` ${t("This page itself stands in a sandbox without an origin.")}` : "";
  if (form !== "site") return good(t("Whether a page may show the lab in a frame is up to that page.") + own);
  const headers = await readsHeaders(new URL(places.lab, location.href));
  const option = headers?.get("x-frame-options");
  const ancestors = /frame-ancestors [^;,]*/.exec(headers?.get("content-security-policy") ?? "")?.[0];
  if (option) return less(t("The host says X-Frame-Options: {option}, so pages elsewhere cannot show the lab.", { option }), t("Please leave the header X-Frame-Options ({option}) out for the lab, or name the course system in frame-ancestors instead.", { option }));
  return good(ancestors ? t("Pages may show the lab that are named in “{rule}”.", { rule: ancestors }) : t("Any page may show the lab.") + own);
}

async function policy({ form, violations, places }) {
  const headers = form === "site" ? await readsHeaders(new URL(places.lab, location.href)) : null;
  const header = headers?.get("content-security-policy");
  const forbidden = { what: [...violations].join(", ") };
  if (violations.size) return bad(t("A policy of the host forbids {what}.", forbidden), t("Please let the Content-Security-Policy of the host allow what the lab brings in its own: {what} is forbidden now. administrators.html beside the lab lists it.", forbidden));
  return good(header ? t("The host sends a policy of its own; nothing that was tried here broke it.") : t("No other policy than the lab’s own was met."));
}

function memory() {
  const told = navigator.deviceMemory;
  const has = told ? ` ${t("The browser says {n} GB or more.", { n: told })}` : "";
  try {
    new WebAssembly.Memory({ initial: MEMORY / PAGE_OF_MEMORY, maximum: MEMORY / PAGE_OF_MEMORY });
  } catch {
    return bad(t("The browser does not give the lab the {n} MB that it asks for.", { n: MEMORY >> 20 }) + has, t("Please close other programs on these devices, or give them more memory: the lab needs about 256 MB for a tab."));
  }
  if (told && told < LOW_MEMORY) return less(`${t("It gives what the lab asks for, but this device has little.")}${has} ${t("Close other tabs.")}`);
  return good(t("It gives the {n} MB that the lab asks for.", { n: MEMORY >> 20 }) + has);
}

// One after the other, in the order in which one thing needs the one before.
export const TESTS = [
  ["browser", later("Browser"), browser],
  ["wasm", "WebAssembly", webAssembly],
  ["workers", later("Workers"), workers],
  ["memory", later("Memory"), memory],
  ["storage", later("Storage"), storage],
  ["service-worker", later("Service worker"), serviceWorker],
  ["frames", later("Frames"), frames],
];
export const LAST = [["policy", later("Policy"), policy]];
export { bad, good, less, open };
