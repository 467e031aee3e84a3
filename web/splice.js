// SPLICE: a page around the lab that keeps score and state for it (cssplice.org), such as a book of Runestone. It is asked once, by a
// message that holds nothing; only a page that answers is told anything, and then it is what keeps the learner's work.
const STATE = "SPLICE.getState";
const REPORT = "SPLICE.reportScoreAndState";
const ANSWER = 1000; // ms that the page waits for the answer before it shows what the device keeps
const TOGETHER = 200; // ms; what changes meanwhile is one report

const newId = () => crypto.randomUUID?.() ?? String(Math.random());

export class Splice {
  #origin = null; // of the page that has answered
  #asked = newId();
  #reported = null; // the last score
  #text = "";
  #next = null; // {score, state}, to be told soon
  #timer = 0;

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
    addEventListener("pagehide", () => this.#send());
    parent.postMessage({ subject: STATE, message_id: this.#asked }, "*");
  }

  get joined() {
    return this.#origin !== null;
  }

  // `score` from 0 to 1; what changes at once is told at once. A score that has not changed is not reported again: null stands for it.
  report(score, state) {
    if (!this.joined) return;
    this.#next = { score, state };
    this.#timer ||= setTimeout(() => this.#send(), TOGETHER);
  }

  // What was to be told is no longer so.
  wait() {
    this.#next = null;
  }

  #send() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    const { score, state } = this.#next ?? {};
    this.#next = null;
    const text = JSON.stringify([score, state]);
    if (!state || text === this.#text) return;
    this.#text = text;
    const told = score === this.#reported ? null : score;
    this.#reported = score;
    parent.postMessage({ subject: REPORT, message_id: newId(), score: told, state }, this.#origin);
  }
}
