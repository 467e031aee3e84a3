// Who keeps what a learner does: a course (course.js), a page around this one that speaks SPLICE (splice.js), or else this device
// (store.js). Python says what was done and checks whatever comes back; this only puts it away and fetches it.
import { allowed } from "../pyapp/attention_lab/widgets/js/locked.js";
import { options } from "../pyapp/attention_lab/widgets/js/options.js";
import { fieldsOf, setAside } from "./kept.js";
import { askWho, reopen } from "./people.js";
import { progressOf, textsIn } from "./record.js";
import { Splice } from "./splice.js";
import { CODE, Store, isProgress } from "./store.js";
import { houseOf, placeOf, scoreOf } from "./values.js";

const PAUSE = 2000; // ms without a key, until a program goes to the course or the host

// What the score is about: where the address locks the lab, or the step too, what can be reached; else the labs that it names.
function countsOf(given) {
  const lab = given.get("lab");
  if (lab === null || !options.locked.has("lab")) return given.get("counts") ?? "";
  return options.locked.has("step") ? `step:${given}` : `lab:${lab}`;
}

export class Keeping {
  store = new Store();
  #course; // how the item of a course reports, or undefined
  #first;
  #shown; // () => the document on the screen, or undefined
  #splice = null;
  #hosted = null; // what the host has kept, until it was taken
  #progress = null; // as it is kept; nothing is kept before what was kept has been read
  #asked = false;

  // `first` is the lab of links that name none.
  constructor({ course, first, shown }) {
    [this.#course, this.#first, this.#shown] = [course, first, shown];
    if (!course && parent !== window) this.#splice = new Splice((state) => this.#join(state));
    this.store.listen((key, value) => this.#besideUs(key, value));
    let pause = 0;
    addEventListener("attention-lab:written", () => {
      clearTimeout(pause);
      pause = setTimeout(() => this.#tell(), PAUSE);
    });
  }

  // A host has answered, or there is none: then what the device keeps may be shown.
  get settled() {
    return this.#splice?.settled;
  }

  get #elsewhere() {
    return globalThis.attentionLabCourse?.open || this.#splice?.joined || false;
  }

  // A document is on the screen for the first time: what was kept goes there.
  begin(house) {
    if (this.#progress !== null) return;
    this.#progress = JSON.stringify(house.progress);
    house.counts = countsOf(new URLSearchParams(location.search));
    if (this.#splice?.joined) this.#takeHosted(house);
    else if (!this.#course && this.store.progress) house.kept = this.store.progress;
  }

  // In the package of a course, whose script is there.
  joinCourse() {
    const { kept, aside, learner, counts } = attentionLabCourse.start({ ...this.#course, first: this.#first });
    const house = houseOf(this.#shown());
    if (learner) this.store.workAs(learner);
    if (counts && !house.counts) house.counts = counts;
    this.#goTo(house, kept?.link);
    for (const [id, text] of kept?.code ?? []) if (this.store.getItem(CODE + id) === null) this.#put(id, text);
    if (kept) house.kept = progressOf(kept, scoreOf(this.#shown()));
    else if (!attentionLabCourse.open && this.store.progress) house.kept = this.store.progress;
    if (aside) setAside(aside);
    this.#tell();
  }

  // The item may have been given another address since: what that locks holds.
  #goTo(house, link) {
    const there = typeof link === "string" && link !== "" ? allowed(house, link) : "";
    if (there !== "") house.link = there;
  }

  #put = (id, text) => this.store.setItem(CODE + id, JSON.stringify({ text, versions: [] }));

  // Whatever has changed in the document, the learner's place and progress may have, too.
  changed(house) {
    if (this.#progress === null) return;
    this.#tell();
    const now = JSON.stringify(house.progress);
    if (now === this.#progress || this.#elsewhere) return;
    this.#progress = now;
    this.store.progress = house.progress;
    const { points, of, open } = scoreOf(this.#shown());
    this.store.tell({ points, of, tried: of - open });
  }

  // What another tab has kept of the same learner's work is theirs here, too.
  #besideUs(key, value) {
    if (this.#progress === null || this.#elsewhere || !isProgress(key) || value === null || value === this.#progress) return;
    houseOf(this.#shown()).kept = fieldsOf(value);
  }

  #tell() {
    const shown = this.#shown();
    if (!shown || this.#progress === null) return;
    const house = houseOf(shown);
    if (this.#splice?.joined) return this.#tellHost(house, scoreOf(shown));
    if (!globalThis.attentionLabCourse) return;
    const about = { ...placeOf(shown), score: scoreOf(shown), progress: house.progress, programs: this.store.programs, counts: house.counts };
    this.store.elsewhere = attentionLabCourse.changed(about);
    dispatchEvent(new Event("attention-lab:elsewhere"));
  }

  #join(state) {
    this.store.leaveDevice();
    this.#hosted = state;
    if (this.#progress !== null) this.#takeHosted(houseOf(this.#shown())); // it took its time
  }

  #takeHosted(house) {
    const { link, progress, code } = this.#hosted ?? {};
    this.#hosted = null;
    if (progress) house.kept = progress;
    for (const [id, text] of textsIn(code)) this.#put(id, text);
    this.#goTo(house, link);
  }

  // While what it had kept is on its way to Python, the screen knows less than it does.
  #tellHost(house, { points, of }) {
    if (house.kept !== null) return this.#splice.wait();
    const code = Object.fromEntries(this.store.programs.map(({ id, text }) => [id, text]));
    this.#splice.report(of ? points / of : 0, { link: house.link, progress: house.progress, code });
  }

  startAnew = () => {
    this.store.startAnew();
    reopen();
  };

  // Once a visit, when Python is there.
  async askWho() {
    if (this.#asked || this.#course || this.#elsewhere) return;
    this.#asked = true;
    await askWho(this.store, () => dispatchEvent(new CustomEvent("attention-lab:save-results")));
  }
}
