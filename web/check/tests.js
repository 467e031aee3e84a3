// What is looked at on a device, one after the other. Each test answers {state, says, ask}: "good"; "less" for what the lab can do
// without; "bad" for what it cannot; "open" where nothing can be said here. `ask` is the sentence for whoever can change it.
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
  const [name, version] = BROWSERS.map(([each, pattern]) => [each, pattern.exec(agent)?.[1]]).find(([, found]) => found) ?? ["A browser that does not say its name", ""];
  return `${name} ${version}`.trim();
}

function browser({ oldest }) {
  if (missing.length === 0) return good(browserName());
  return bad(`${browserName()} lacks ${missing.join(", ")}.`, `Please put a newer browser on these devices: the lab works in ${oldest} and newer ones.`);
}

async function webAssembly() {
  try {
    await WebAssembly.instantiate(EMPTY_MODULE);
    return good("It runs.");
  } catch (error) {
    return bad(`It does not run: ${error.message ?? error}`, "Please allow WebAssembly for the lab: it is switched off by a policy of the browser or of the page (in a Content-Security-Policy, script-src needs 'wasm-unsafe-eval').");
  }
}

async function workers() {
  const address = URL.createObjectURL(new Blob(["postMessage(1)"], { type: "text/javascript" }));
  try {
    const worker = new Worker(address);
    const answered = new Promise((resolve, reject) => Object.assign(worker, { onmessage: resolve, onerror: () => reject(new Error("it did not start")) }));
    await withinSeconds(10, answered);
    worker.terminate();
    return good("They start.");
  } catch (error) {
    return bad(`They do not start: ${error.message ?? error}`, "Please allow web workers for the lab (in a Content-Security-Policy: worker-src 'self' blob:).");
  } finally {
    URL.revokeObjectURL(address);
  }
}

async function storage() {
  try {
    localStorage.setItem("attention-lab-check", "1");
    localStorage.removeItem("attention-lab-check");
  } catch {
    return less("This page may keep nothing. The lab works; progress and the choice of light or dark last for one visit.", "If students' progress is to be kept between visits, please allow the lab to store data (site data, cookies) on these devices.");
  }
  const { quota, usage = 0 } = (await navigator.storage?.estimate?.().catch(() => null)) ?? {};
  return good(quota ? `It keeps what it is given; about ${Math.round((quota - usage) / 1e6).toLocaleString("en")} MB are free for it.` : "It keeps what it is given.");
}

async function serviceWorker({ form, places }) {
  if (form !== "site") return open("Not needed: this copy brings its files with it.");
  if (!window.isSecureContext) return less("The page does not come over https, so the lab cannot keep itself on the device: each visit needs the line.", "Please serve the lab over https: then it stays on the device after the first visit, and works without the network.");
  const worker = navigator.serviceWorker;
  const registration = await worker?.getRegistration().catch(() => null);
  if (!worker || registration === null) return less("This browser lets no page keep itself on the device (a private window, or a policy).", "If the lab is to work without the network after a first visit, please allow service workers and site data for it.");
  if (registration?.active) return good("The lab is kept on this device.");
  const answer = await readsHeaders(new URL("sw.js", new URL(places.lab, location.href)));
  if (answer && !/javascript/.test(answer.get("content-type") ?? "")) return less("The host sends sw.js as another type than JavaScript.", "Please send sw.js as text/javascript, so that the lab can keep itself on the device.");
  return good("It can keep the lab on this device: that happens after a first visit to the lab.");
}

async function frames({ form, places }) {
  const own = self.origin === "null" ? " This page itself stands in a sandbox without an origin." : "";
  if (form !== "site") return good(`Whether a page may show the lab in a frame is up to that page.${own}`);
  const headers = await readsHeaders(new URL(places.lab, location.href));
  const option = headers?.get("x-frame-options");
  const ancestors = /frame-ancestors [^;,]*/.exec(headers?.get("content-security-policy") ?? "")?.[0];
  if (option) return less(`The host says X-Frame-Options: ${option}, so pages elsewhere cannot show the lab.`, `Please leave the header X-Frame-Options (${option}) out for the lab, or name the course system in frame-ancestors instead.`);
  return good(ancestors ? `Pages may show the lab that are named in “${ancestors}”.` : `Any page may show the lab.${own}`);
}

async function policy({ form, violations, places }) {
  const headers = form === "site" ? await readsHeaders(new URL(places.lab, location.href)) : null;
  const header = headers?.get("content-security-policy");
  if (violations.size) return bad(`A policy of the host forbids ${[...violations].join(", ")}.`, `Please let the Content-Security-Policy of the host allow what the lab brings in its own: ${[...violations].join(", ")} is forbidden now. administrators.html beside the lab lists it.`);
  return good(header ? "The host sends a policy of its own; nothing that was tried here broke it." : "No other policy than the lab’s own was met.");
}

function memory() {
  const told = navigator.deviceMemory;
  const has = told ? ` The browser says ${told} GB or more.` : "";
  try {
    new WebAssembly.Memory({ initial: MEMORY / PAGE_OF_MEMORY, maximum: MEMORY / PAGE_OF_MEMORY });
  } catch {
    return bad(`The browser does not give the lab the ${MEMORY >> 20} MB that it asks for.${has}`, "Please close other programs on these devices, or give them more memory: the lab needs about 256 MB for a tab.");
  }
  if (told && told < LOW_MEMORY) return less(`It gives what the lab asks for, but this device has little.${has} Close other tabs.`);
  return good(`It gives the ${MEMORY >> 20} MB that the lab asks for.${has}`);
}

// One after the other, in the order in which one thing needs the one before.
export const TESTS = [
  ["browser", "Browser", browser],
  ["wasm", "WebAssembly", webAssembly],
  ["workers", "Workers", workers],
  ["memory", "Memory", memory],
  ["storage", "Storage", storage],
  ["service-worker", "Service worker", serviceWorker],
  ["frames", "Frames", frames],
];
export const LAST = [["policy", "Policy", policy]];
export { bad, good, less, open };
