// What is kept on this device, of one of the people who use it. The first one's keys are as they are called; those of whoever came
// later have a number in them. Where the browser keeps nothing, it lasts as long as the page. Anything may stand in the storage: it is
// read as if a stranger had written it.
import { fieldsOf } from "./kept.js";

const STEM = "attention-lab";
const PEOPLE = `${STEM}-people`;
const PROGRESS = `${STEM}-progress`;
export const CODE = `${STEM}-code `;
const MOST = 50; // people
const LONGEST = 200; // characters of a name

const isCount = (value) => Number.isSafeInteger(value) && value >= 0;

const personIn = (value) => ({
  name: typeof value?.name === "string" ? value.name.slice(0, LONGEST) : "",
  points: isCount(value?.points) ? value.points : 0,
  of: isCount(value?.of) ? value.of : 0,
  tried: isCount(value?.tried) ? value.tried : 0,
  at: isCount(value?.at) ? value.at : 0,
});

// A storage that takes what it is given, or null.
function deviceStorage() {
  try {
    localStorage.setItem(`${STEM}-?`, "");
    localStorage.removeItem(`${STEM}-?`);
    return localStorage;
  } catch {
    return null;
  }
}

class Memory extends Map {
  getItem = (key) => this.get(key) ?? null;
  setItem = (key, value) => void this.set(key, value);
  removeItem = (key) => void this.delete(key);
}

export class Store {
  #device = deviceStorage();
  #storage = this.#device ?? new Memory();
  #now; // the number of who is here
  where; // "device", "course", "host" or "nowhere": who keeps what is done
  elsewhere = null; // where a course or a host keeps it: exercise -> whether it keeps that program, too

  constructor() {
    const { now } = this.#people();
    this.#now = now;
    this.where = this.keeps ? "device" : "nowhere";
  }

  // Whether it is still there in another visit.
  get keeps() {
    return this.#storage === this.#device;
  }

  // A host keeps what is done: nothing of it stays on the device, and nothing of the device is shown.
  leaveDevice() {
    this.#storage = new Memory();
    this.#now = 1;
    this.where = "host";
    this.elsewhere = { get: () => true };
  }

  // In a course, whose learners are known by an id: none of those who are asked for their name.
  workAs(id) {
    this.#now = `course-${encodeURIComponent(id)}`;
    this.where = "course";
  }

  #people() {
    const { now, people } = fieldsOf(this.#storage.getItem(PEOPLE) ?? "") ?? {};
    const known = Array.isArray(people) && people.length > 0 ? people.slice(0, MOST).map(personIn) : [personIn(null)];
    return { now: Number.isInteger(now) && now >= 1 && now <= known.length ? now : 1, people: known };
  }

  #keepPeople(told) {
    try {
      this.#storage.setItem(PEOPLE, JSON.stringify(told));
    } catch {
      // full: the work itself tells so where it is kept
    }
  }

  get person() {
    return personIn(this.#people().people[this.#now - 1]);
  }

  // Everybody else of whom there is work: [{n, name, points, of, at}].
  get others() {
    return this.#people().people.map((each, i) => ({ n: i + 1, ...each })).filter(({ n }) => n !== this.#now && this.#worked(n));
  }

  get worked() {
    return this.#worked(this.#now);
  }

  #worked(n) {
    const people = this.#people().people;
    return (people[n - 1]?.tried ?? 0) > 0 || this.#keys().some((key) => key.startsWith(this.#named(CODE, n)));
  }

  #keys() {
    return this.#storage instanceof Map ? [...this.#storage.keys()] : Object.keys(this.#storage);
  }

  tell(changes) {
    if (typeof this.#now !== "number") return;
    const told = this.#people();
    told.people[this.#now - 1] = { ...personIn(told.people[this.#now - 1]), ...changes, at: Date.now() };
    this.#keepPeople(told);
  }

  // Where there are as many as are kept, a newcomer takes the place of who was here longest ago.
  startAnew() {
    const { people } = this.#people();
    if (people.length < MOST) return this.#keepPeople({ now: people.length + 1, people: [...people, personIn(null)] });
    const n = 1 + people.reduce((oldest, each, i) => (each.at < people[oldest].at ? i : oldest), 0);
    for (const key of this.#keys()) if (key === this.#named(PROGRESS, n) || key.startsWith(this.#named(CODE, n))) this.#storage.removeItem(key);
    people[n - 1] = personIn(null);
    this.#keepPeople({ now: n, people });
  }

  goOn(n) {
    this.#keepPeople({ ...this.#people(), now: n });
  }

  #named = (key, n = this.#now) => (n === 1 ? key : key.replace(STEM, `${STEM}@${n}`));

  getItem(key) {
    return this.#storage.getItem(this.#named(key));
  }

  setItem(key, value) {
    this.#storage.setItem(this.#named(key), value);
  }

  removeItem(key) {
    this.#storage.removeItem(this.#named(key));
  }

  // Every program: [{id, text, at}], with the time of its last version.
  get programs() {
    const stem = this.#named(CODE);
    const ids = this.#keys().filter((key) => key.startsWith(stem)).map((key) => key.slice(stem.length));
    const read = ids.map((id) => ({ id, ...fieldsOf(this.getItem(CODE + id) ?? "") }));
    return read.filter(({ text }) => typeof text === "string").map(({ id, text, versions }) => ({ id, text, at: Number(versions?.at?.(-1)?.at) || 0 }));
  }

  get progress() {
    return fieldsOf(this.getItem(PROGRESS) ?? "");
  }

  set progress(progress) {
    try {
      this.setItem(PROGRESS, JSON.stringify(progress));
    } catch {
      // full: it lasts for this visit
    }
  }

  // Another tab has written: `heard(key, value)`, with the key as it is called here; not of what others have.
  listen(heard) {
    const changed = ({ key, newValue, storageArea }) => {
      if (storageArea !== this.#storage || typeof key !== "string") return;
      const stem = this.#named(STEM);
      if (key.startsWith(`${stem}-`)) heard(STEM + key.slice(stem.length), newValue);
    };
    addEventListener("storage", changed);
    return () => removeEventListener("storage", changed);
  }
}

export const isProgress = (key) => key === PROGRESS;
