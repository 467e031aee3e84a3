// The lab as an item of a course: keeps the learner's place and answers with the course over SCORM 1.2 or 2004, and says so where
// no course can be reached. boot.js starts it and tells it of every change. docs/adr/0010-scorm.md has the reasons.
import { later, t } from "../pyapp/attention_lab/widgets/js/texts.js";
import { courseState, readState, totalOf } from "./record.js";

const LEVELS = 50; // of frames within frames
const COMMIT_AFTER = 1000; // ms; what changes meanwhile goes with it
const FINISHED = new Set(["completed", "passed", "failed"]);

const INTERACTION = "cmi.interactions.";
// Its modes in which nobody works.
const ONLY_LOOKING = {
  browse: later("The course shows this item in its browse mode: nothing is reported."),
  review: later("The course shows this item in its review mode: nothing is reported."),
};
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
    success: null, // the status says it
    passing: "cmi.student_data.mastery_score",
    learner: "cmi.core.student_id",
    score: { raw: "cmi.core.score.raw", min: "cmi.core.score.min", max: "cmi.core.score.max" },
    wrong: "wrong",
    response: "student_response",
    kind: "performance",
    now: ["time", () => new Date().toTimeString().slice(0, 8)],
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
    success: "cmi.success_status",
    passing: "cmi.scaled_passing_score",
    learner: "cmi.learner_id",
    score: { raw: "cmi.score.raw", min: "cmi.score.min", max: "cmi.score.max", scaled: "cmi.score.scaled" },
    wrong: "incorrect",
    response: "learner_response",
    kind: "other",
    now: ["timestamp", () => new Date().toISOString().slice(0, 19)],
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
  #told = []; // what the course has of each interaction

  constructor(version) {
    this.#dialect = DIALECTS[version];
    this.#open = this.#enter();
    if (!this.#open) return;
    const mode = this.get(this.#dialect.mode);
    this.#writes = !Object.hasOwn(ONLY_LOOKING, mode);
    if (this.#writes) {
      this.#waiting.set(this.#dialect.status, "incomplete");
      this.#save();
    } else say("mode", t(ONLY_LOOKING[mode]));
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
    if (element === this.#dialect.status && value !== "passed" && FINISHED.has(this.get(element))) return true;
    if (this.#call("SetValue", element, String(value)) === "true") return true;
    if (this.#needed(element)) return false;
    const error = this.#call("GetLastError");
    return NO_PLACE.has(error) || (element.startsWith(INTERACTION) && error !== "0" && !CLOSED.has(error));
  }

  #needed = (element) => element === "cmi.suspend_data" || element === this.#dialect.status;

  keep(text, place, total, results) {
    if (!this.#open || !this.#writes) return;
    const { place: where, progress: measure } = this.#dialect;
    this.#waiting.set("cmi.suspend_data", text).set(where, place);
    if (measure) this.#waiting.set(measure, total.progress.toFixed(4));
    if (total.progress === 1) this.#waiting.set(this.#dialect.status, "completed");
    if (results.length > 0 && total.of > 0) this.#score(total);
    results.forEach((each, i) => this.#interact(i, each));
    this.#send();
    if (this.#failures) this.#save();
    else this.#timer ||= setTimeout(() => this.#save(), COMMIT_AFTER);
  }

  // A passing score is the course's; where it has none, nothing is passed or failed.
  #score({ points, of, perCent }) {
    const { score, status, success, passing } = this.#dialect;
    this.#waiting.set(score.min, 0).set(score.max, 100).set(score.raw, perCent);
    if (score.scaled) this.#waiting.set(score.scaled, (points / of).toFixed(4));
    const needed = Number.parseFloat(this.get(passing));
    if (Number.isNaN(needed) || (success ? points / of : perCent) < needed) return;
    this.#waiting.set(success ?? status, "passed");
  }

  // Each exercise and each question is one interaction, however often it is tried.
  #interact(i, { id, tries, first, right, looked }) {
    const { response, kind, wrong, now } = this.#dialect;
    const words = `${tries} ${tries === 1 ? "try" : "tries"}, the first ${first ? "right" : "wrong"}${looked ? ", solution seen" : ""}`;
    const values = { id, type: kind, [now[0]]: now[1](), [response]: words, result: right ? "correct" : wrong };
    const told = JSON.stringify([id, words, values.result]);
    if (this.#told[i] === told) return;
    this.#told[i] = told;
    for (const [name, value] of Object.entries(values)) this.#waiting.set(`${INTERACTION}${i}.${name}`, value);
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
      if (this.#failures) say("saved", t("The course has saved your place and answers again."));
      else say("saved", "");
      this.#failures = 0;
      say("lost", "");
      return;
    }
    say("saved", "");
    say("lost", t("The course has not saved your last answers. The lab tries again by itself and says when they are saved; keep this page open until then."));
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

// Says with which score everything that counts was tried, and when. Anyone can compute it (FNV-1a): it is a receipt, no proof.
function completionCode({ points, of }, counts, day) {
  let hash = 0x811c9dc5;
  for (const character of `attention-lab/${counts}/${points}/${of}/${day}`) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0;
  return `AL-${day.replaceAll("-", "")}-${points}of${of}-${hash.toString(16).padStart(8, "0").toUpperCase()}`;
}

let course = null;
let last = "";
let done = new Map(); // id -> what came of it, in the order in which they were tried first: that of the interactions

globalThis.attentionLabCourse = Object.freeze({
  // Open the session. What was kept of last time (or null), and the text of what was not understood (or ""); who the learner is, and
  // which labs the course says that the score is about.
  start({ version, first }) {
    course = new Course(version);
    if (!course.open) {
      say("lost", t("Not connected to the course: nothing is reported. When you have tried everything that counts, a completion code will stand here."));
      return { kept: null, aside: "", learner: "", counts: "" };
    }
    const asked = (element) => {
      const value = course.get(element);
      return value === "null" || value === "undefined" ? "" : value;
    };
    const about = { learner: asked(DIALECTS[version].learner), counts: new URLSearchParams(asked("cmi.launch_data")).get("counts") ?? "" };
    const text = asked("cmi.suspend_data");
    if (text === "") return { kept: null, aside: "", ...about };
    const { kept, whole } = readState(text, first);
    done = new Map(kept?.done ?? []);
    return { kept, aside: whole ? "" : text, ...about };
  },

  get open() {
    return course?.open ?? false;
  },

  // Something has changed. Returns of every program whether the course keeps it; null where there is no course.
  changed({ lab, step, steps, link, score, progress, programs, counts }) {
    const { text, whole, codes } = courseState({ link, score, progress, programs, done });
    const total = totalOf(score, done, { steps, seen: progress[lab]?.seen ?? [] });
    const code = total.progress === 1 && (!course.open || course.failing) && completionCode(total, counts, new Date().toISOString().slice(0, 10));
    if (!course.open) {
      if (code) say("lost", t("Not connected to the course. Your completion code: {code}", { code }));
      return null;
    }
    say("code", code ? t("Your completion code: {code}", { code }) : "");
    say("long", whole ? "" : t("The course keeps your place and results, but not all of your sentence, settings and answers: they are longer than it can hold."));
    if (text !== last) course.keep(text, `${lab}/${step}`, total, [...done].map(([id, each]) => ({ id, ...each })));
    last = text;
    return codes;
  },
});
