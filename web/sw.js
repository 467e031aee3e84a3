// The service worker: after one visit the lab opens without a network.
// It keeps whole builds, each in a cache of its own, and serves the one that the learner chose: a newer build is fetched beside it
// and offered, never put in its place unasked. Files of a build are checked as they come, so that no cache mixes two builds.
// Where something is not in a cache (browsers evict), the network answers.
// The build puts a line before this file: attentionLabBuild = {build, files: [{url, bytes, integrity, start, language}]}. A page that names
// its build has no integrity, for hosts may add to it. `start` is the way of starting Python that alone reads the file ("plain", "snapshot"),
// `language` the language that alone does, or null: a device keeps what its own visits use, {start, language}.
import { later } from "../pyapp/attention_lab/widgets/js/texts.js";

const { build, files } = self.attentionLabBuild;

const scope = self.registration.scope;
const OURS = `attention-lab ${scope} `; // other folders of the origin may hold labs, too
const CHOSEN = `${OURS}chosen`; // a cache with one entry: the build that the learner chose
const HASHED = /-[0-9a-f]{12}(\.\w+)?$/; // how a name ends that changes with its file's contents
const LIST = `${scope}?files`; // in a build's cache once it is whole: what it holds
const LARGE = 4e6; // bytes
const PATIENCE = 60_000; // ms until an update is fetched although no page has said that it is live

const cacheOf = (name) => OURS + name;
const lookUp = (url, cacheName) => caches.match(url, { cacheName, ignoreVary: true });

// install, activate

let goAhead; // takes how a page has started: {start, language}
const live = new Promise((resolve) => {
  goAhead = resolve;
});

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function install() {
  setTimeout(goAhead, PATIENCE, { start: files.find(({ start }) => start)?.start });
  const visit = await live; // nothing is fetched while a page boots
  try {
    await fill(visit);
  } catch (error) {
    for (const client of await windows()) client.postMessage({ type: "offline", kept: false, newer: null, ...whyNot(error), bytes: 0 });
    throw error;
  }
  await self.skipWaiting(); // this worker serves the pages of every build that is kept
}

const uses = ({ start, language }, visit) => (!start || start === visit.start) && (!language || language === visit.language);

// Make this build's cache hold what a visit uses, the languages that it holds already, and nothing else.
async function fill(visit) {
  const cache = await caches.open(cacheOf(build));
  const held = new Set((await cache.keys()).map(({ url }) => url));
  const spoken = new Set(files.filter((file) => held.has(addressOf(file))).map(({ language }) => language));
  const list = files.filter((file) => uses(file, visit) || (file.language && spoken.has(file.language)));
  for (const file of list) {
    const url = addressOf(file);
    if (!held.delete(url)) await cache.put(url, (await copied(url)) ?? (await fetched(url, file)));
  }
  await cache.put(LIST, new Response(JSON.stringify(list)));
  held.delete(LIST);
  for (const url of held) await cache.delete(url);
}

// From another build's cache: a file with its hash in its name is the same everywhere.
const copied = async (url) => (HASHED.test(url) ? inAnyBuild(url) : undefined);

// From the HTTP cache, where the visit has left it, or from the network. The browser checks the hash, and the bytes never pass
// through this script. To check it, it holds the file twice: the largest go unchecked, for the sake of small devices. The kernel has
// checked them in this visit and will again, and what is retried is fetched anew.
async function fetched(key, { url, bytes, integrity: hash }) {
  const integrity = bytes < LARGE ? hash : "";
  const addresses = key === scope ? [scope, scope + url] : [key];
  for (const address of addresses) {
    for (const cache of hash ? ["default", "reload"] : ["no-cache"]) {
      const response = await fetch(address, { cache, integrity }).catch(() => null);
      if (!response?.ok) continue;
      if (hash || (await response.clone().text()).includes(build)) return direct(response);
    }
  }
  throw Object.assign(new Error(later("the server does not have this build's {file}")), { file: url });
}

// What went wrong, for the page to say it in its language.
const whyNot = ({ message, file = "" }) => ({ why: String(message), file });

// A page may not be answered with a response that was redirected.
const direct = (response) => (response.redirected ? new Response(response.body, { headers: response.headers }) : response);

// serve

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method === "GET" && request.url.startsWith(scope)) event.respondWith(answer(request));
});

async function answer(request) {
  const url = keyOf(request.url);
  const again = request.cache === "reload" || new URL(request.url).searchParams.has("again"); // of a script (web/script.js)
  if (request.mode !== "navigate" && again) {
    const fresh = await fetch(request).catch(() => null); // Retry passes by every cache, where there is a network
    if (fresh?.ok) {
      for (const name of await kept()) await (await caches.open(cacheOf(name))).delete(url); // it is in doubt: `check` fills the gap
      return fresh;
    }
  }
  const found = await find(url).catch(() => undefined); // the browser may have closed its storage
  if (found) return found;
  try {
    return await fetch(request);
  } catch (error) {
    if (url !== scope) throw error;
    return new Response("Attention Lab: the browser has removed its copy of the lab from this device, and there is no connection. Connect and reload.", {
      status: 503,
      headers: { "content-type": "text/plain; charset=utf-8" },
    });
  }
}

async function find(url) {
  const name = (await chosen()) ?? build;
  return (await lookUp(url, cacheOf(name))) ?? copied(url);
}

async function inAnyBuild(url) {
  for (const name of await kept()) {
    const found = await lookUp(url, cacheOf(name));
    if (found) return found;
  }
  return undefined;
}

const addressOf = ({ url }) => keyOf(new URL(url, scope).href);

// The address of a file without its query; the lab itself is the scope.
function keyOf(address) {
  const url = new URL(address);
  return url.origin + url.pathname.replace(/\/index\.html$/, "/");
}

// what is kept, and which of it is used

const chosen = async () => (await lookUp(scope, CHOSEN))?.text() ?? null;
const choose = async (name) => (await caches.open(CHOSEN)).put(scope, new Response(name));
const kept = async () => (await caches.keys()).filter((name) => name.startsWith(OURS) && name !== CHOSEN).map((name) => name.slice(OURS.length));

// The files of a build that is kept whole; null for any other.
async function listOf(name) {
  const list = await (await lookUp(LIST, cacheOf(name)))?.json().catch(() => null);
  if (!Array.isArray(list)) return null;
  const held = new Set((await (await caches.open(cacheOf(name))).keys()).map(({ url }) => url));
  return list.every((file) => held.has(addressOf(file))) ? list : null;
}

// Whether files that are kept are enough for a visit.
function serves(list, visit) {
  const there = new Set(list.map(({ url }) => url));
  return files.every((file) => !uses(file, visit) || !(file.start || file.language) || there.has(file.url));
}

const windows = async () => (await self.clients.matchAll({ type: "window", includeUncontrolled: true })).filter(({ url }) => url.startsWith(scope));

// messages: page -> worker {type: "live", start, language} | {type: "check", build, start, language} | {type: "choose", build} | {type: "update failed"};
// worker -> page {type: "offline", kept, newer, why, file, bytes} | {type: "chosen"} | {type: "moved"}

self.addEventListener("message", (event) => {
  const { type, build: name, start, language } = event.data ?? {};
  if (type === "live") goAhead({ start, language });
  else if (type === "check") event.waitUntil(check(event.source, name, { start, language }));
  else if (type === "choose") event.waitUntil(choose(name).then(() => event.source.postMessage({ type: "chosen" })));
  else if (type === "update failed") event.waitUntil(hasMoved().then((moved) => moved && event.source.postMessage({ type: "moved" })));
});

// A browser takes no worker from an address that sends it elsewhere, and would keep this one for ever. It is looked at here: without a
// network, a page would have an error on its console each time.
async function hasMoved() {
  const answer = await fetch(self.location.href, { redirect: "manual", cache: "no-store" }).catch(() => null);
  return answer?.type === "opaqueredirect";
}

// Tell a page whether its build is kept whole and whether there is a newer one; mend what was evicted.
async function check(page, name, visit) {
  const tell = (state) => page.postMessage({ type: "offline", kept: false, newer: null, why: "", bytes: 0, ...state });
  let lack = { why: "" };
  try {
    const held = await listOf(build);
    if (held === null || (visit.start && name === build && !serves(held, visit))) {
      if (name === build) tell({ why: later("some of it is missing and is being fetched") });
      await fill(visit).catch((error) => {
        lack = whyNot(error);
      });
    }
    const list = await listOf(name);
    const whole = (await listOf(build)) !== null;
    if (name === build && whole) await choose(build); // it runs already
    const inUse = await chosen();
    const newer = whole && name !== build && (inUse === null || inUse === name) ? build : null;
    tell({ kept: list !== null && (name !== build || serves(list, visit)), newer, ...lack, bytes: (list ?? []).reduce((sum, file) => sum + file.bytes, 0) });
    await forget(name);
  } catch (error) {
    tell(whyNot(error));
  }
}

// Builds that nobody uses any more. While other pages are open, theirs may be among them; while another worker is being installed,
// one is being filled: they stay.
async function forget(name) {
  if ((await windows()).length > 1) return;
  const used = [name, build, await chosen()];
  const old = (await kept()).filter((each) => !used.includes(each));
  const { installing, waiting } = self.registration;
  if (!installing && !waiting) for (const each of old) await caches.delete(cacheOf(each));
}
