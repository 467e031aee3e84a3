// The lab as an item of a course: keeps the learner's place and answers with the course over SCORM 1.2 or 2004, and says so where
// no course can be reached. boot.js starts it and tells it of every change. docs/adr/0010-scorm.md has the reasons.
import { fieldsOf, guessesIn, stringsOf } from "./kept.js";

const LIMIT = 4000; // characters of suspend_data: 1.2 promises 4096, the first editions of 2004 only 4000; nobody enforces it
const LEVELS = 50; // of frames within frames
const COMMIT_AFTER = 1000; // ms; what changes meanwhile goes with it
const FINISHED = new Set(["completed", "passed", "failed"]);

const ONLY_LOOKING = new Set(["browse", "review"]);
const LONGEST_WAIT = 60; // seconds between two tries to save
// What a course answers to GetLastError: it has no such element; it has no session open, or cannot be reached.
const NO_PLACE = new Set(["401", "402"]);
const CLOSED = new Set(["112", "122", "123", "132", "133", "142", "143", "301", "null"]);

const DIALECTS = {
  "1.2": {
    api: "API",
    prefix: "LMS",
    end: "Finish",
    status: "cmi.core.lesson_status",
    place: "cmi.core.lesson_location",
    exit: "cmi.core.exit",
    time: "cmi.core.session_time",
    mode: "cmi.core.lesson_mode",
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
    mode: "cmi.mode",
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

// What the learner reads of the course; each matter has a sentence of its own, or none.
const sentences = new Map();
let note = null;

function say(matter, text) {
  if (text) sentences.set(matter, text);
  else sentences.delete(matter);
  const whole = [...sentences.values()].join(" ");
  if (!whole) return void (note = note?.remove() ?? null);
  if (!note) {
    note = Object.assign(document.createElement("p"), { className: "course-note" });
    note.setAttribute("role", "status");
    document.body.prepend(note);
  }
  if (note.textContent !== whole) note.textContent = whole;
}

class Course {
  #dialect;
  #api;
  #open = false;
  #writes = true; // not in review, nor for who only looks
  #waiting = new Map(); // element -> value that the course has not taken
  #failures = 0; // in a row
  #timer = 0;
  #began = Date.now();

  constructor(version) {
    this.#dialect = DIALECTS[version];
    this.#open = this.#enter();
    if (!this.#open) return;
    const mode = this.get(this.#dialect.mode);
    this.#writes = !ONLY_LOOKING.has(mode);
    if (this.#writes) {
      this.#waiting.set(this.#dialect.status, "incomplete");
      this.#save();
    } else say("mode", `The course shows this item in its ${mode} mode: nothing is reported.`);
    addEventListener("pagehide", (event) => this.#leave(event));
    addEventListener("pageshow", () => this.#save());
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.#save());
  }

  get open() {
    return this.#open;
  }

  get failing() {
    return this.#failures > 0;
  }

  #enter() {
    this.#api = find(this.#dialect.api) ?? this.#api ?? null;
    return this.#api !== null && this.#call("Initialize", "") === "true";
  }

  #call(method, ...values) {
    return String(within(() => this.#api[this.#dialect.prefix + method](...values)));
  }

  get(element) {
    return this.#call("GetValue", element);
  }

  // Whether that is done with: taken, or such as this course has no place for.
  #set(element, value) {
    if (element === this.#dialect.status && FINISHED.has(this.get(element))) return true;
    if (this.#call("SetValue", element, String(value)) === "true") return true;
    return !this.#needed(element) && NO_PLACE.has(this.#call("GetLastError"));
  }

  #needed = (element) => element === "cmi.suspend_data" || element === this.#dialect.status;

  keep(text, place, progress) {
    if (!this.#open || !this.#writes) return;
    const { place: where, progress: measure, status } = this.#dialect;
    this.#waiting.set("cmi.suspend_data", text).set(where, place);
    if (measure) this.#waiting.set(measure, progress.toFixed(4));
    if (progress === 1) this.#waiting.set(status, "completed");
    this.#send();
    if (this.#failures) this.#save();
    else this.#timer ||= setTimeout(() => this.#save(), COMMIT_AFTER);
  }

  #send() {
    for (const [element, value] of this.#waiting) if (this.#set(element, value)) this.#waiting.delete(element);
    return this.#waiting.size === 0;
  }

  // Until the course says that it has everything: again after 1, 2, 4 … 60 seconds, and at the next change.
  #save() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    if (!this.#open || !this.#writes) return;
    if (this.#failures && CLOSED.has(this.#call("GetLastError"))) this.#enter();
    const taken = this.#send();
    const saved = this.#call("Commit", "") === "true" && taken;
    if (saved) {
      if (this.#failures) say("saved", "The course has saved your place and answers again.");
      else say("saved", "");
      this.#failures = 0;
      say("lost", "");
      return;
    }
    say("saved", "");
    say("lost", "The course has not saved your last answers. The lab tries again by itself and says when they are saved; keep this page open until then.");
    this.#timer = setTimeout(() => this.#save(), Math.min(LONGEST_WAIT, 2 ** this.#failures++) * 1000);
  }

  // A page that the browser keeps for the Back button may be shown again, and goes on then: its session stays open.
  #leave({ persisted }) {
    if (!this.#open) return;
    if (this.#writes) {
      this.#set(this.#dialect.exit, "suspend");
      this.#set(this.#dialect.time, this.#dialect.seconds(Math.max(0, Math.round((Date.now() - this.#began) / 1000))));
      this.#save();
    }
    if (persisted) return;
    const ended = this.#call(this.#dialect.end, "") === "true" || this.#call(this.#dialect.end, "") === "true";
    this.#open = !ended;
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

// What was kept, field by field. Python checks the values themselves.
function read(text) {
  const kept = fieldsOf(text);
  if (!kept) return null;
  return { link: typeof kept.link === "string" ? kept.link : "", guesses: guessesIn(kept.guesses), revealed: stringsOf(kept.revealed), seen: stringsOf(kept.seen) };
}

// Says which lab was gone through on which day. Anyone can compute it (FNV-1a): it is a receipt, no proof.
function completionCode(lab, day) {
  let hash = 0x811c9dc5;
  for (const character of `attention-lab/${lab}/${day}`) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0;
  return `AL-${day.replaceAll("-", "")}-${hash.toString(16).padStart(8, "0").toUpperCase()}`;
}

let course = null;
let last = "";
let frontDoor = null; // the lab that only leads to the others: to have gone through it is not to have done the item
const seen = new Set(); // "lab/step"

globalThis.attentionLabCourse = Object.freeze({
  // Open the session: the learner's values of last time, or null; and the text of what was not understood, or "".
  start({ version, door }) {
    frontDoor = door;
    course = new Course(version);
    if (!course.open) {
      say("lost", "Not connected to the course: nothing is reported. When you have seen every step, a completion code will stand here.");
      return { kept: null, aside: "" };
    }
    const text = course.get("cmi.suspend_data");
    if (text === "" || text === "null" || text === "undefined") return { kept: null, aside: "" };
    const { seen: steps = [], ...kept } = read(text) ?? {};
    for (const step of steps) seen.add(step);
    const known = fieldsOf(text);
    const whole = known !== null && Object.entries({ seen: steps, ...kept }).every(([name, value]) => !(name in known) || JSON.stringify(known[name]) === JSON.stringify(value));
    return { kept: known && kept, aside: whole ? "" : text };
  },

  changed({ lab, step, link, guesses, revealed, steps }) {
    seen.add(`${lab}/${step}`);
    const progress = steps.length && lab !== frontDoor ? steps.filter((id) => seen.has(`${lab}/${id}`)).length / steps.length : 0;
    const code = progress === 1 && (!course.open || course.failing) && completionCode(lab, new Date().toISOString().slice(0, 10));
    if (!course.open) {
      if (code) say("lost", `Not connected to the course. Your completion code: ${code}`);
      return;
    }
    say("code", code ? `Your completion code: ${code}` : "");
    const { text, whole } = fitting({ link, guesses, revealed, seen: [...seen] });
    say("long", whole ? "" : "The course keeps your place, but not all of your sentence and settings: they are longer than it can hold.");
    if (text + progress === last) return;
    last = text + progress;
    course.keep(text, `${lab}/${step}`, progress);
  },
});
