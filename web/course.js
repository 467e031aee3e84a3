// The lab as an item of a course: keeps the learner's place and answers with the course over SCORM 1.2 or 2004, and says so where
// no course can be reached. boot.js starts it and tells it of every change. docs/adr/0010-scorm.md has the reasons.

const LIMIT = 4000; // characters of suspend_data: 1.2 promises 4096, the first editions of 2004 only 4000; nobody enforces it
const LEVELS = 50; // of frames within frames
const COMMIT_AFTER = 1000; // ms; what changes meanwhile goes with it
const FINISHED = new Set(["completed", "passed", "failed"]);

const DIALECTS = {
  "1.2": {
    api: "API",
    prefix: "LMS",
    end: "Finish",
    status: "cmi.core.lesson_status",
    place: "cmi.core.lesson_location",
    exit: "cmi.core.exit",
    time: "cmi.core.session_time",
    progress: null,
    seconds: (s) => [s / 3600, (s / 60) % 60, s % 60].map((part, i) => String(Math.floor(part)).padStart(i ? 2 : 4, "0")).join(":"),
  },
  2004: {
    api: "API_1484_11",
    prefix: "",
    end: "Terminate",
    status: "cmi.completion_status",
    place: "cmi.location",
    exit: "cmi.exit",
    time: "cmi.session_time",
    progress: "cmi.progress_measure",
    seconds: (s) => `PT${s}S`,
  },
};

// The course's object: in this window, one around it, or one around the window that opened it.
function find(name) {
  return upwards(window, name) ?? upwards(within(() => window.top.opener), name) ?? upwards(within(() => window.opener), name);
}

function upwards(from, name) {
  let place = from;
  for (let i = 0; place && i < LEVELS; i++) {
    const found = within(() => place[name]);
    if (found) return found;
    const around = within(() => place.parent);
    if (around === place) return null;
    place = around;
  }
  return null;
}

// A window of another origin throws at a touch.
function within(look) {
  try {
    return look() ?? null;
  } catch {
    return null;
  }
}

class Course {
  #dialect;
  #api;
  #open = false;
  #timer = 0;
  #began = Date.now();

  constructor(version) {
    this.#dialect = DIALECTS[version];
    this.#api = find(this.#dialect.api);
    this.#open = this.#api !== null && this.#call("Initialize", "") === "true";
    if (!this.#open) return;
    if (!FINISHED.has(this.get(this.#dialect.status))) this.set(this.#dialect.status, "incomplete");
    this.#call("Commit", "");
    addEventListener("pagehide", () => this.#leave());
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.#commit());
  }

  get open() {
    return this.#open;
  }

  #call(method, ...values) {
    return String(within(() => this.#api[this.#dialect.prefix + method](...values)));
  }

  get(element) {
    return this.#call("GetValue", element);
  }

  set(element, value) {
    return this.#call("SetValue", element, String(value)) === "true";
  }

  keep(text, place, progress) {
    if (!this.#open) return;
    this.set("cmi.suspend_data", text);
    this.set(this.#dialect.place, place);
    if (this.#dialect.progress) this.set(this.#dialect.progress, progress.toFixed(4));
    if (progress === 1 && !FINISHED.has(this.get(this.#dialect.status))) this.set(this.#dialect.status, "completed");
    this.#timer ||= setTimeout(() => this.#commit(), COMMIT_AFTER);
  }

  #commit() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    if (this.#open) this.#call("Commit", "");
  }

  #leave() {
    if (!this.#open) return;
    this.set(this.#dialect.exit, "suspend");
    this.set(this.#dialect.time, this.#dialect.seconds(Math.round((Date.now() - this.#began) / 1000)));
    this.#commit();
    this.#call(this.#dialect.end, "");
    this.#open = false;
  }
}

// What is kept, as text that fits. What is too long goes first: blocked cells, then the sentence, then the answers; the place stays.
function fitting({ link, guesses, revealed, seen }) {
  const fields = new URLSearchParams(link);
  let left = { link, guesses, revealed, seen };
  const shorter = [
    () => left,
    () => (fields.delete("blocked"), (left = { ...left, link: String(fields) })),
    () => (fields.delete("text"), (left = { ...left, link: String(fields) })),
    () => (left = { ...left, guesses: {}, revealed: [] }),
    () => (left = { ...left, link: String(new URLSearchParams([...fields].filter(([name]) => name === "lab" || name === "step"))), seen: [] }),
  ];
  for (const [times, shorten] of shorter.entries()) {
    const text = JSON.stringify(shorten());
    if (text.length <= LIMIT) return { text, whole: times === 0 };
  }
  return { text: "", whole: false };
}

// What was kept; whatever is not of the right kind is as if it were not there. Python checks the values themselves.
function read(text) {
  const kept = within(() => JSON.parse(text));
  if (typeof kept !== "object" || kept === null) return null;
  const names = (list) => (Array.isArray(list) ? list.filter((each) => typeof each === "string") : []);
  const guesses = typeof kept.guesses === "object" && kept.guesses !== null && !Array.isArray(kept.guesses) ? kept.guesses : {};
  return { link: typeof kept.link === "string" ? kept.link : "", guesses, revealed: names(kept.revealed), seen: names(kept.seen) };
}

// Says which lab was gone through on which day. Anyone can compute it (FNV-1a): it is a receipt, no proof.
function completionCode(lab, day) {
  let hash = 0x811c9dc5;
  for (const character of `attention-lab/${lab}/${day}`) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0;
  return `AL-${day.replaceAll("-", "")}-${hash.toString(16).padStart(8, "0").toUpperCase()}`;
}

let course = null;
let note = null;
let last = "";
const seen = new Set(); // "lab/step"

function say(text) {
  if (!note) {
    note = Object.assign(document.createElement("p"), { className: "course-note" });
    note.setAttribute("role", "status");
    document.body.prepend(note);
  }
  if (note.textContent !== text) note.textContent = text;
}

globalThis.attentionLabCourse = Object.freeze({
  // Open the session; the learner's values of last time, or null.
  start({ version }) {
    course = new Course(version);
    if (!course.open) {
      say("Not connected to the course: nothing is reported. When you have seen every step, a completion code will stand here.");
      return null;
    }
    const kept = read(course.get("cmi.suspend_data"));
    for (const step of kept?.seen ?? []) seen.add(step);
    return kept && { link: kept.link, guesses: kept.guesses, revealed: kept.revealed };
  },

  changed({ lab, step, link, guesses, revealed, steps }) {
    seen.add(`${lab}/${step}`);
    const here = [...seen].filter((each) => each.startsWith(`${lab}/`)).length;
    const progress = steps > 0 ? Math.min(1, here / steps) : 0;
    if (!course.open) {
      if (progress === 1) say(`Not connected to the course. Your completion code: ${completionCode(lab, new Date().toISOString().slice(0, 10))}`);
      return;
    }
    const { text, whole } = fitting({ link, guesses, revealed, seen: [...seen] });
    if (!whole) say("The course keeps your place, but not all of your sentence and settings: they are longer than it can hold.");
    else if (note) note = note.remove() ?? null;
    if (text + progress === last) return;
    last = text + progress;
    course.keep(text, `${lab}/${step}`, progress);
  },
});
