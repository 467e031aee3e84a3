// The page's entry: paint the document of the build, start the kernel beside it, link the two.
// It knows Bokeh documents and messages, and nothing of attention.
import "./sheets.js";
import { later, spoken, t } from "../pyapp/attention_lab/widgets/js/texts.js";
import { FIRST_LAB, documentNamed, labOfTheAddress, pageOfTheAddress } from "./address.js";
import { announceHeight, announceReady } from "./embed.js";
import { carried, carry, fieldsOf, setAside, sorted } from "./kept.js";
import { Keeping } from "./keeping.js";
import { Kernel } from "./kernel.js";
import { ENGLISH, choose, languageNamed, languageOf, mark, namesOf, settle } from "./languages.js";
import { LabError, failure } from "./messages.js";
import { wayToStart } from "./policy.js";
import { overTheNetwork } from "./network.js";
import { forget, keepOffline } from "./offline.js";
import { Optional } from "./optional.js";
import { patience } from "./patience.js";
import { Pending, isReload } from "./pending.js";
import { outOfThePage } from "./payload.js";
import { goTo, placeIn } from "./place.js";
import { runnerOf } from "./runner.js";
import { plainFiles, snapshotFiles } from "./runtime.js";
import { Status } from "./status.js";
import { styled } from "./styled.js";
import { Sync } from "./sync.js";
import { changedBetween, holdAs, houseOf, setValues, stateOf, valuesOf } from "./values.js";

const config = JSON.parse(document.getElementById("lab-config").textContent);
const files = config.payload ? outOfThePage(config) : overTheNetwork(config);
const brought = carried(); // the learner's values from another build, as text
const lab = labOfTheAddress(config);
let language = languageOf(config.languages); // its texts are fetched; English needs none
const page = pageOfTheAddress(config); // one beside the lab, or null for the lab itself
const root = document.documentElement;

const RESTORE_SILENCE = 30; // seconds without a sign of life before the plain boot is tried instead

const DOUBT = 10; // seconds without a word of a new worker before its script is looked at

// The phases of a start (web/kernel.worker.js), as "About this build" names how long each took.
const TIMES = {
  download: later("Time: download"),
  runtime: later("Time: runtime"),
  packages: later("Time: packages"),
  imports: later("Time: imports"),
  linked: later("Time: linked"),
  files: later("Time: files"),
  heap: later("Time: heap"),
};

const UNSEEN = 500; // ms that a first visit's Python waits at the most for the first drawing to be on the screen

const REST_DELAY = 1000; // ms after the lab is live: the line and the processors are the learner's until then

const SPARE_MEMORY = 8; // GB, the most that browsers tell
const SPARE_DELAY = 5000; // ms after the lab is live

const scripts = new Set(); // those that are loaded
let kernel = null; // the one that runs or boots; replaced on restart
let sync = null; // of the document on the screen
let views = null;
let early = null; // the first drawing, until BokehJS has made the one that follows it
let failed = null; // {error, patch}: what the panel shows, and the change that Retry would send again
let told = false; // a kernel has been told of changes: the next one has to be told of all
let answered = false; // and has answered
let attempt = 0; // which start is the one that counts
let restarts = 0; // of hung kernels, since a change was answered
let kernels = 0; // how many have been started for this page
let fetching = false; // files are coming that a change waits for
let live = false; // a kernel has once been ready: the files that it came from are whole
let started = "plain"; // the way in which Python has started: "plain" or "snapshot"
let spare = null; // a second kernel, which waits to take over
let sparing = false; // one is being made
let offline = null; // once the lab is live: a promise of what switches to another build

const supported = !globalThis.attentionLabMissing; // supported.js has looked, and told the learner
const status = supported && new Status(config, {
  restart: () => void start({ fresh: failed?.error.kind === "asset" || !live }),
  retryChange: () => void retryChange(),
});
const keeping = new Keeping({ course: config.course, first: FIRST_LAB, shown: () => sync?.document });
const pending = new Pending(() => (sync ? { house: houseOf(sync.document) } : early));
// For benches and the curious: the size of Python's memory, in bytes.
// `optional`: what can be downloaded besides, and how far that is (optional.js).
const optional = new Optional(config, files);
// `runner` runs what learners write (runner.js); `editor` is where they write it, loaded when it is asked for. `store` keeps their work.
const names = namesOf(config.languages, language);
globalThis.attentionLab = Object.freeze({
  build: config.build,
  store: keeping.store,
  startAnew: keeping.startAnew,
  heap: async () => (await kernel.request("ping")).heap,
  optional: optional.states,
  languages: { names, speak, get now() { return language; } },
  runner: runnerOf(config, files),
  editor: () => loadScript("editor.js").then(() => attentionLabEditor),
});
mark(root, config.languages, language);
settle();
const texts = supported && bringTexts(); // a promise: what the scripts say in another language is here, or will not come
root.dataset.pages = Object.keys(config.pages ?? {}).join(" ");
addEventListener("hashchange", () => (pageOfTheAddress(config) !== page || (languageNamed(config.languages) ?? language) !== language) && location.reload());
let seen; // the first drawing is on the screen, or there will be none: until then the processors are its own
const onScreen = new Promise((resolve) => (seen = resolve));
const painting = supported && page === null && labDocument(); // {text, sha256}, or null where it cannot be had: the kernel's is drawn then
if (supported) void (page === null ? start() : openPage());

// `again`: by itself, and not because the learner asked for it; the screen is whole then, and stays.
async function start({ fresh = false, again = false } = {}) {
  const mine = ++attempt;
  kernel?.end();
  optional.down();
  sync?.disconnect();
  if (!spare?.alive || fresh) status.show({ state: "loading", phase: "download", loaded: 0, total: 0 }); // one that waits takes over in no time
  try {
    const begin = performance.now();
    const booting = boot(fresh, () => mine === attempt); // the worker starts before BokehJS is parsed
    booting.catch(() => {}); // awaited below, after the painting
    await styled(files.broken);
    const painted = await painting;
    if (!sync && painted) await showFirst(painted.text);
    seen();
    const booted = await booting;
    const opened = await booted.open({ lab, language, sha256: painted?.sha256 ?? "" });
    if (!sync) await showFirst(opened.document);
    else if (told || !opened.agrees) await takeUp(booted, again); // else the changes made so far are all that it need be told
    told = true;
    sync.connect(async (patch, onPart) => {
      const answer = await booted.request("patch", { patch }, undefined, [], onPart);
      answered = true;
      changeAnswered();
      return answer.patch;
    }, changeFailed);
    status.fact(later("Document"), opened.agrees ? t("as painted by the build") : t("drawn anew by the kernel"));
    status.fact(later("Time: lab"), `${opened.ms} ms`);
    status.fact(later("Time: all"), `${Math.round(performance.now() - begin)} ms`);
    status.show({ state: "ready" });
    live = true;
    root.dataset.interactive ??= String(Math.round(performance.now()));
    announceReady();
    failed = null;
    void optional.live(async (name, bytes) => {
      const provided = booted.request("provide", { name, bytes }, undefined, [bytes.buffer]).finally(fetched);
      sync.apply((await provided).patch);
    });
    void keeping.askWho();
    void prepareSpare();
    setTimeout(() => void whenFree().then(() => bringRest(booted)), REST_DELAY);
    void offline?.then((keeper) => keeper?.look()); // a language that was chosen since is to be kept, too
  } catch (error) {
    if (mine !== attempt) return; // another start has taken over
    attempt++; // a worker that is still on its way is too late
    kernel?.end();
    show(asFailure(error, (detail) => failure.thrown(detail, failure.runtime)));
  }
}

// What no lab of a first visit waits for, and what this device is to keep: when Python for the learner's code has started, where it does.
function bringRest(booted) {
  booted.request("rest").catch(() => {});
  offline ??= config.offline ? keepOffline(new URL(config.offline, files.base).href, config.build, () => ({ start: started, language }), offlineTold) : null;
}

// A kernel that is new to the page gets the learner's state, and the page its document; what is chosen meanwhile is chosen in that, too.
// `stays`: what is drawn, where its document allows that.
async function takeUp(booted, stays) {
  const state = { ...stateOf(sync.document), link: answered ? "" : houseOf(sync.document).link }; // a link that no kernel has followed yet
  if (stays) sync.forgetPending(); // it is in the state
  const { document: text } = await booted.request("resume", { state });
  if (stays && holds(text)) return;
  const latest = await draw(text);
  setValues(sync.document, changedBetween(state, latest));
}

// Give what is drawn the values of a document (JSON text), but for what was chosen since; false where only a new drawing can show them.
function holds(text) {
  const told = documentOf(text);
  forgetDocument(told);
  return holdAs(sync.document, told, (model, name) => sync.isPending(model, name));
}

// Start Python in a worker; resolves with the kernel when its libraries are imported. Whatever keeps the memory snapshot from
// being restored, the plain boot does without it, in a worker that knows nothing of the attempt.
async function boot(fresh, wanted) {
  if (spare?.alive && !fresh) {
    const waiting = spare;
    spare = null;
    return take(waiting, t("by a kernel that was waiting"));
  }
  const without = () => t("without the memory snapshot: the line is slow, or this copy or the address wants it so");
  const way = await wayToStart(config, files.base);
  if (way === "plain") return take(await bootWith({ snapshot: null, fresh, wanted }), without());
  try {
    const booted = await bootWith({ snapshot: config.snapshot, measure: way === "measure", fresh, wanted });
    return take(booted, started === "snapshot" ? t("from the memory snapshot") : without());
  } catch (error) {
    const { kind, what, detail } = asFailure(error, failure.runtime);
    const ownFile = Object.values(config.snapshot).some((name) => detail.startsWith(`${name}:`));
    const common = kind === "policy" || (kind === "asset" && !ownFile);
    if (common || !wanted()) throw error; // the plain boot needs the same
    return take(await bootWith({ snapshot: null, fresh, wanted }), t("without the memory snapshot, which could not be used: {why}", { why: detail || what }));
  }
}

function take(booted, how) {
  kernel = booted;
  status.fact(later("Start"), how);
  return booted;
}

// A second kernel, made when the page has been live for a while and has nothing to do. Only where the browser says that there is
// memory for it; most say nothing.
async function prepareSpare() {
  const memory = navigator.deviceMemory ?? 0;
  if (started !== "snapshot" || memory < SPARE_MEMORY || spare?.alive || sparing) return;
  sparing = true;
  await new Promise((resolve) => setTimeout(resolve, SPARE_DELAY));
  await whenFree();
  const spoken = language;
  let made = null;
  try {
    made = await bootWith({ snapshot: config.snapshot, fresh: false, wanted: () => true, waiting: true });
    await rehearse(made);
    if (spoken !== language) return made.end();
    spare = made;
    status.fact(later("Waiting kernel"), t("ready to take over"));
  } catch {
    made?.end(); // a restart then boots as a visit does
  } finally {
    sparing = false;
  }
}

// What is done for the first time takes Python several times as long: a kernel that waits has opened the lab, and taken over what the
// learner had chosen by then. Whenever it does take over, it is told all of it anew.
async function rehearse(waiting) {
  await waiting.open({ lab, language, sha256: (await painting)?.sha256 ?? "" });
  await waiting.request("resume", { state: stateOf(sync.document) });
}

// A worker that never says a word has a script that is missing, damaged or forbidden: that is told, or mended and tried once more.
async function bootWith(options) {
  try {
    return await bootOnce(options);
  } catch (error) {
    if (!(error instanceof Unheard) || !options.wanted()) throw error;
    await files.examine("kernel.js");
    return bootOnce(options);
  }
}

class Unheard extends LabError {}

// snapshot: its files, or null for the plain boot; measure: take it only if the line is fast enough.
async function bootOnce({ snapshot, measure = false, fresh, wanted, waiting = false }) {
  const worker = await files.worker("kernel.js", fresh).catch((error) => Promise.reject(error instanceof LabError ? error : new Unheard(failure.crash(String(error)))));
  if (!wanted()) {
    worker.terminate();
    throw new LabError(failure.crash("it was not needed any more"));
  }
  const booted = new Kernel(worker, ({ phase, loaded, total }) => {
    if (booted !== kernel) return;
    fetching = live;
    status.show({ state: "loading", phase, loaded, total });
  });
  if (!waiting) kernel = booted;
  const { assets, lock, packages, rest } = config;
  const catalogue = config.languages[language]?.texts ?? null;
  const its = catalogue ? [catalogue] : [];
  const doubt = patience(DOUBT, () => booted.heard || files.examine("kernel.js").catch(({ error }) => booted.end(error)));
  try {
    const parcels = await files.parcels(snapshot ? [...snapshotFiles(snapshot), snapshot.rest, ...its] : [...plainFiles({ lock, packages }), rest, ...its], fresh);
    const whole = waiting || kernels++ > 0 || !config.remembered.includes(lab); // what a first visit waits for is kept small
    await texts;
    if (measure) await Promise.race([onScreen, new Promise((resolve) => setTimeout(resolve, UNSEEN))]);
    const fields = { base: files.base, assets, lock, packages, rest, snapshot, measure, whole, fresh, parcels, language, texts: catalogue, said: spoken() };
    const silence = snapshot ? RESTORE_SILENCE : undefined;
    const { start, timings, python, pyodide } = await booted.request("boot", fields, silence, Object.values(parcels ?? {}));
    if (waiting) return booted;
    started = start;
    for (const [phase, ms] of Object.entries(timings)) status.fact(TIMES[phase], `${ms} ms`);
    status.fact(later("Python"), `${python}, Pyodide ${pyodide}`);
    return booted;
  } catch (error) {
    booted.end();
    const { error: known = failure.runtime(String(error)) } = error;
    throw !booted.heard && known.kind !== "asset" && known.kind !== "policy" ? new Unheard(known) : error;
  } finally {
    doubt.end();
  }
}

// A file beside this one; or, where one file is all there is, a view in the place of the lab.
async function openPage() {
  if (config.pages[page]) return location.replace(config.pages[page]);
  await texts;
  status.away();
  const main = Object.assign(document.createElement("main"), { className: "page tool" });
  document.getElementById("app").replaceWith(main);
  if (document.readyState === "loading") await new Promise((parsed) => document.addEventListener("DOMContentLoaded", parsed, { once: true }));
  try {
    const { pages: said } = config.languages[language] ?? {};
    if (said) await loadScript(said);
    await loadScript("pages.js");
    await attentionLabPages.open(page, main, JSON.parse(document.getElementById("lab-pages").textContent), files.text);
  } catch (error) {
    show(asFailure(error, failure.crash));
  }
}

// What the scripts say in another language.
async function textsOf(code) {
  const { page: name } = config.languages[code] ?? {};
  return name ? JSON.parse(await files.text(name)) : {};
}

// Before the lab is drawn. What stands on the page already is said again: the words that it opens with (web/*.html), and the state of the
// kernel. Without their texts the scripts speak English.
async function bringTexts() {
  if (language === ENGLISH) return;
  sayIn(await textsOf(language).catch(() => ({})));
  const opening = document.querySelector("#app > .opening");
  if (opening) opening.textContent = t(opening.textContent);
}

function sayIn(texts) {
  globalThis.attentionLabTexts = texts;
  document.title = t("Attention Lab");
  status.speak();
}

// Another language, in the same visit: a kernel that speaks it takes over, as after a restart, and draws all that there is.
async function speak(code) {
  if (code === language || !Object.hasOwn(names, code)) return;
  try {
    sayIn(await textsOf(code));
  } catch (error) {
    return show(asFailure(error, failure.crash));
  }
  language = code;
  choose(code);
  mark(root, config.languages, code);
  spare?.end();
  spare = null;
  await start();
}

// The document of the build: that of the first lab is in the page, the others are files beside it.
async function labDocument() {
  await texts;
  const name = documentNamed(config, lab, language);
  if (name === null) return { text: document.getElementById("lab-document").textContent, sha256: config.document_sha256 };
  try {
    if (!config.assets[name]) return null;
    return { text: await files.text(name), sha256: config.assets[name].sha256 };
  } catch {
    return null;
  }
}

// Show a document for the first time: at once, as far as that goes without BokehJS, and then with it.
async function showFirst(text) {
  if (!early) await drawEarly(text);
  seen();
  files.ahead("widgets.js"); // asked for together, and not before: what the first drawing needs has the line and the processors
  await loadScript("bokeh.js");
  await loadScript("widgets.js"); // a plugin of the former
  await keeping.settled;
  await draw(text);
  takeCarried();
  if (!config.course) return;
  await loadScript("course.js");
  keeping.joinCourse();
}

async function drawEarly(text) {
  const host = Object.assign(document.createElement("div"), { id: "app" });
  document.getElementById("app").replaceWith(host);
  try {
    early = await attentionLabEarly(text, host);
  } catch (error) {
    return console.error(error); // BokehJS may fare better
  }
  shown(host);
  await nextFrame(); // BokehJS takes a while to be parsed: what is drawn is painted before
}

function shown(host) {
  status.mount();
  announceHeight(host);
  root.dataset.painted ??= String(Math.round(performance.now()));
}

// When a frame has been painted, or would have been: a page in the background paints none.
function nextFrame() {
  const painted = new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  return Promise.race([painted, new Promise((resolve) => setTimeout(resolve, 500))]);
}

const documentOf = (text) => Bokeh.require("document").Document.from_json(JSON.parse(text));

// BokehJS remembers every document that it has made.
const forgetDocument = (bokehDocument) => Bokeh.documents.splice(Bokeh.documents.indexOf(bokehDocument), 1);

// Draw a Bokeh document (JSON text) in place of the one on the screen; resolves with the learner's state up to that moment.
async function draw(text) {
  const { add_document_standalone } = Bokeh.require("embed/standalone");
  const bokehDocument = documentOf(text);
  const linked = new Sync(bokehDocument); // before the views, which may set a value as they open (a link's)
  bokehDocument.on_change((event) => {
    for (const each of event.events ?? [event]) pending.changed(each);
    keeping.changed(houseOf(bokehDocument));
  });
  const host = document.createElement("div");
  const drawn = await add_document_standalone(bokehDocument, host);
  const old = document.getElementById("app");
  const place = placeIn(old);
  document.activeElement?.blur?.(); // a field that is being edited hands over its value
  const state = sync ? stateOf(sync.document) : null;
  old.replaceWith(host);
  host.id = "app";
  for (const view of views?.roots ?? []) view.remove();
  if (sync) forgetDocument(sync.document);
  [views, sync] = [drawn, linked];
  takeOver();
  shown(host);
  goTo(host, place);
  globalThis.attentionLabCourse?.changed(placeOf(bokehDocument)); // a document that Python has drawn anew brings its own place
  return state;
}

// Another lab is on the screen: the kernel's state stands in its header, and the frame around follows its height.
addEventListener("attention-lab:drawn", () => shown(document.getElementById("app")));

// What was chosen in the first drawing is chosen in the one that follows it. The link is not: every drawing takes it from the address.
function takeOver() {
  keeping.begin(houseOf(sync.document));
  if (!early) return;
  early.remove();
  const { changes, visit } = early;
  early = null;
  const house = houseOf(sync.document);
  setValues(sync.document, changes);
  if (visit) house.lab = visit;
}

// Offline and updates: see offline.js. A newer build is offered; the learner's values go over to it.

function offlineTold({ kept, newer, why, file = "", bytes, moved = false }) {
  status.offline(kept);
  status.fact(later("Offline"), kept ? t("ready, {size} MB kept on this device", { size: Math.round(bytes / 1e6) }) : t("no: {why}", { why: t(why, { file }) }));
  if (newer) status.offer(t("A newer version is here."), t("Update"), () => update(newer));
  if (moved) status.offer(t("The lab has moved to another address; this is an old copy, kept on this device."), t("Go there"), goThere);
}

async function goThere() {
  await forget(new URL(config.offline, files.base).href);
  location.reload();
}

async function update(newer) {
  document.activeElement?.blur?.(); // a field that is being edited hands over its value
  const state = stateOf(sync.document);
  await (await offline).choose(newer);
  pending.leave(); // an answer that comes until the page is gone would have it forgotten
  carry({ lab: state.lab, values: state.labs[state.lab] });
  location.reload();
}

function takeCarried() {
  if (brought === null) return;
  const shown = houseOf(sync.document).lab;
  const fields = fieldsOf(brought);
  const { lab: named = shown, values = fields, reload = false } = fields ?? {}; // an older build carried the values alone
  if (reload && (named !== shown || !isReload())) return;
  if (named !== shown) return setAside(brought);
  const { fit, aside } = sorted(JSON.stringify(values), valuesOf(houseOf(sync.document)));
  setValues(sync.document, Object.entries(fit));
  if (aside !== null) setAside(brought);
}

function whenIdle(act) {
  if (globalThis.requestIdleCallback) requestIdleCallback(act, { timeout: 5000 });
  else setTimeout(act, 500);
}

// When the page has nothing to do, and Python for the learner's code is neither starting nor running: the line and the processors are its.
async function whenFree() {
  const { told } = attentionLab.runner;
  const taken = () => told.state === "starting" || told.state === "running";
  do {
    while (taken()) await new Promise((heard) => addEventListener("attention-lab:runner", heard, { once: true }));
    await new Promise(whenIdle);
  } while (taken());
}

async function loadScript(name) {
  if (scripts.has(name)) return;
  await files.script(name);
  scripts.add(name);
}

function changeAnswered() {
  restarts = 0;
  if (failed) status.show({ state: "ready" });
  failed = null;
  fetched();
}

// The files that a request waited for are here, or will not come: that is told elsewhere.
function fetched() {
  if (fetching && !failed) status.show({ state: "ready" });
  fetching = false;
}

function changeFailed(error, patch) {
  const known = asFailure(error, failure.crash);
  if (known.kind === "hung" && restarts++ === 0) {
    status.fact(later("Restarted"), known.detail);
    void start({ again: true });
  } else {
    show(known, patch);
  }
}

async function retryChange() {
  const { patch } = failed;
  try {
    const answer = await kernel.request("patch", { patch }, undefined, [], (part) => sync.apply(part));
    sync.apply(answer.patch);
    changeAnswered();
  } catch (error) {
    changeFailed(error, patch);
  }
}

function show(error, patch = null) {
  failed = { error, patch };
  status.mount();
  status.show({ state: "error", error, again: patch !== null && error.kind === "asset" }); // Python lives, and lacks a file
}

function asFailure(error, kind) {
  return error instanceof LabError ? error.error : kind(String(error?.stack ?? error));
}

if (globalThis.attentionLabShell) attentionLabShell.started = true; // web/watch.js waits for it
