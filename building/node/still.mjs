// The memory that Python leaves behind holds what it was told of the time, and of chance: file times, the state of `random`.
// So that the same sources give the same memory, both are the same in every build. `restored()` in attention_lab/browser.py
// makes the random numbers of a page its own.
import { createRequire } from "node:module";

const STARTED = Date.UTC(2026, 0, 1);

export function standStill() {
  let asked = 0;
  const now = () => STARTED + asked++; // a clock that goes on: nobody waits for ever
  const { Date: Usual } = globalThis;
  globalThis.Date = class Date extends Usual {
    constructor(...told) {
      super(...(told.length ? told : [now()]));
    }
    static now = now;
  };
  performance.now = () => asked++;
  let state = 1;
  const chance = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0); // a linear congruential generator
  const fill = (view) => {
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    bytes.forEach((_, i) => (bytes[i] = chance() >>> 24));
    return view;
  };
  Math.random = () => chance() / 2 ** 32;
  crypto.getRandomValues = fill;
  createRequire(import.meta.url)("node:crypto").randomFillSync = fill;
}
