// SPLICE: a page around the lab that keeps score and state for it (cssplice.org), such as a book of Runestone. It is asked once, by a
// message that holds nothing; only a page that answers is told anything, and then it is what keeps the learner's work.
const STATE = "SPLICE.getState";
const REPORT = "SPLICE.reportScoreAndState";
const ANSWER = 1000; // ms that the page waits for the answer before it shows what the device keeps

export class Splice {
  #origin = null; // of the page that has answered
  #asked = crypto.randomUUID?.() ?? String(Math.random());
  #reported = null; // the last score
  #text = "";

  // `joined(state)` is called with what the host has kept, or null, once it answers; `settled` when it has, or has taken too long.
  constructor(joined) {
    this.settled = new Promise((resolve) => {
      setTimeout(resolve, ANSWER);
      addEventListener("message", ({ source, origin, data }) => {
        if (source !== parent || this.#origin !== null || data?.subject !== `${STATE}.response` || data.message_id !== this.#asked) return;
        this.#origin = origin === "null" ? "*" : origin;
        joined(data.state ?? null);
        resolve();
      });
    });
    parent.postMessage({ subject: STATE, message_id: this.#asked }, "*");
  }

  get joined() {
    return this.#origin !== null;
  }

  // `score` from 0 to 1; one that has not changed is not reported again: null then stands for it.
  report(score, state) {
    const text = JSON.stringify([score, state]);
    if (!this.joined || text === this.#text) return;
    this.#text = text;
    const told = score === this.#reported ? null : score;
    this.#reported = score;
    parent.postMessage({ subject: REPORT, message_id: crypto.randomUUID?.() ?? String(Math.random()), score: told, state }, this.#origin);
  }
}
