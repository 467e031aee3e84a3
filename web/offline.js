// The page's side of sw.js: keeps the lab on this device where the browser allows it, and hears of newer builds.
// Elsewhere (http, an opaque origin, a browser without service workers or with storage closed) the lab works as before.

import { t } from "../pyapp/attention_lab/widgets/js/texts.js";
import { atMost } from "./patience.js";

const HOUR = 3_600_000;
const MINUTE = 60_000;
const CHOOSING = 15; // seconds

// `tell` gets {kept, newer, why, file, bytes}: whether this build is kept whole, the name of a newer one, why not (and which file), how large; and
// `moved`: the site now sends whoever asks for this address to another one.
// `visit` returns {start, language}: the way in which Python has started here, and what is spoken, whose files are to be kept.
// Resolves with {look, choose}, or nothing: `look` asks anew, and `choose` switches to another build; the page must then be loaded anew.
export async function keepOffline(script, build, visit, tell) {
  const absent = (why, more = {}) => tell({ kept: false, newer: null, why, bytes: 0, ...more });
  const workers = container();
  if (!workers) return absent(t("not in this browser, or not at this address (it needs https)"));
  workers.addEventListener("message", ({ data }) => {
    if (data?.type === "offline") tell(data);
    if (data?.type === "moved") absent(t("the lab has moved to another address"), { moved: true });
  });
  const ask = (worker) => worker?.postMessage({ type: "check", build, ...visit() });
  workers.addEventListener("controllerchange", () => ask(workers.controller));
  let registration;
  try {
    // Not `register` each time: that waits for an update that is under way, which in turn waits for `live`.
    const scope = new URL(".", script).href;
    const known = await workers.getRegistration(scope);
    registration = known?.scope === scope ? known : await workers.register(script);
  } catch (error) {
    return absent(t("not allowed here ({reason})", { reason: error.name }));
  }
  if (!registration) return absent(t("not allowed here")); // some privacy tools answer so
  const live = () => registration.installing?.postMessage({ type: "live", ...visit() }); // now it may fetch
  registration.addEventListener("updatefound", live);
  live();
  ask(registration.active);
  watchForUpdates(registration);
  watchWhatIsKept(() => workers.getRegistration(script), ask, () => absent(t("it was removed from this device")));
  const choose = (newer) => {
    const chosen = new Promise((resolve) => workers.addEventListener("message", ({ data }) => data?.type === "chosen" && resolve()));
    registration.active.postMessage({ type: "choose", build: newer });
    return atMost(CHOOSING, chosen, () => new Error(t("the browser's copy of the lab does not answer")));
  };
  return { choose, look: () => ask(registration.active) };
}

// The lab is read from the network from now on, as if it had never been kept; the page must then be loaded anew.
export async function forget(script) {
  await (await container()?.getRegistration(script))?.unregister();
}

// A learner, or the browser, may clear what is kept while the page is open: it is looked at again when the page is come back to, and
// every now and then.
function watchWhatIsKept(registered, ask, gone) {
  let last = Date.now();
  const look = async () => {
    last = Date.now();
    const registration = await registered().catch(() => null);
    if (registration?.active) ask(registration.active);
    else if (!registration?.installing && !registration?.waiting) gone();
  };
  const again = () => document.visibilityState === "visible" && void look();
  document.addEventListener("visibilitychange", again);
  addEventListener("focus", again);
  addEventListener("offline", again);
  setInterval(() => Date.now() - last >= MINUTE && again(), MINUTE);
}

function container() {
  if (self.origin === "null") return null; // Firefox has one in an opaque origin, and complains on its console when it is asked
  try {
    return navigator.serviceWorker && globalThis.caches ? navigator.serviceWorker : null;
  } catch {
    return null; // storage is closed
  }
}

// Look for an update now (the browser by itself may take its time) and later: a tab may stay open for days.
function watchForUpdates(registration) {
  let last = -Infinity;
  const look = () => {
    if (document.visibilityState !== "visible" || Date.now() - last < HOUR) return;
    last = Date.now();
    registration.update().catch(() => registration.active?.postMessage({ type: "update failed" })); // no network, or none at this address
  };
  document.addEventListener("visibilitychange", look);
  if (registration.active) look();
}
