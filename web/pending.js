// What was typed or chosen, and is in no address yet, outlives a reload of this tab, from the first key on: until Python has answered
// it is carried as the values are that go over to another build (kept.js).
import { carry, forgetCarried } from "./kept.js";
import { valuesOf } from "./values.js";

const root = document.documentElement;

const LONGEST = 2000; // characters of a value: longer ones are no choices

export class Pending {
  #typed = new Map(); // setting -> text of a field that is still being written in
  #changed = new Map(); // setting -> value that Python has not answered
  #left = false;
  #shown; // () => {house, changes} of what is on the screen, or null; `changes`: of the first drawing, what is to be set in the next

  constructor(shown) {
    this.#shown = shown;
    addEventListener("attention-lab:typed", ({ detail: { name, value } }) => {
      this.#typed.set(name, value);
      this.#keep();
    });
    addEventListener("attention-lab:chosen", ({ detail }) => {
      this.#typed.delete(detail.name);
      this.#keep();
    });
    new MutationObserver(() => root.dataset.settled === "true" && this.#answered()).observe(root, { attributes: true, attributeFilter: ["data-settled"] });
  }

  // The document has changed: by the learner, unless it came from the kernel.
  changed({ kind, model, attr, sync }) {
    if (kind !== "ModelChanged" || attr !== "value" || model.key === undefined || sync === false) return;
    this.#typed.delete(model.key);
    this.#changed.set(model.key, model.value);
    this.#keep();
  }

  // The page is left, with all its values: nothing is kept, or forgotten, any more.
  leave() {
    this.#left = true;
  }

  #keep() {
    if (this.#left) return;
    const { house, changes = [] } = this.#shown() ?? {};
    if (!house) return;
    const known = valuesOf(house);
    const typed = [...this.#typed].filter(([name, value]) => value !== known.get(name)); // as it was, it is in the address
    const values = [...changes, ...this.#changed, ...typed].filter(([name, value]) => known.has(name) && JSON.stringify(value).length <= LONGEST);
    if (values.length > 0) carry({ lab: house.lab, values: Object.fromEntries(values), reload: true });
    else forgetCarried();
  }

  #answered() {
    if (this.#changed.size === 0) return;
    this.#changed.clear();
    this.#keep();
  }
}

// Whether this page was in this tab a moment ago: only then it goes on from there.
export const isReload = () => performance.getEntriesByType("navigation")[0]?.type !== "navigate";
