// What was typed or chosen, and is in no address yet, outlives a reload of this tab, from the first key on: until Python has answered
// it is carried as the values are that go over to another build (kept.js).
import { carry, forgetCarried } from "./kept.js";
import { houseOf, valuesOf } from "./values.js";

const root = document.documentElement;

const LONGEST = 2000; // characters of a value: longer ones are no choices

export class Pending {
  #typed = new Map(); // setting -> text of a field that is still being written in
  #changed = new Map(); // setting -> value that Python has not answered
  #shown; // () => the document on the screen, or undefined

  constructor(shown) {
    this.#shown = shown;
    addEventListener("attention-lab:typed", ({ detail: { name, value } }) => {
      this.#typed.set(name, value);
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

  #keep() {
    const document = this.#shown();
    if (!document) return;
    const known = valuesOf(document);
    const values = [...this.#changed, ...this.#typed].filter(([name, value]) => known.has(name) && JSON.stringify(value).length <= LONGEST);
    carry({ lab: houseOf(document).lab, values: Object.fromEntries(values), reload: true });
  }

  #answered() {
    if (this.#changed.size === 0) return;
    this.#changed.clear();
    if (this.#typed.size > 0) this.#keep();
    else forgetCarried();
  }
}

// Whether this page was in this tab a moment ago: only then it goes on from there.
export const isReload = () => performance.getEntriesByType("navigation")[0]?.type !== "navigate";
