// The page's side of the kernel: one worker, requests with an id and an end, a watchdog.
import { LabError, failure, isMessage, message } from "./messages.js";
import { patience } from "./patience.js";

const SILENCE = { boot: 90, open: 60, patch: 10, resume: 20, provide: 60, rest: 10, ping: 10, prepare: 90, run: 10 }; // seconds without a sign of life

export class Kernel {
  #worker;
  #waiting = new Map(); // id -> {resolve, reject, waiting, onPart}
  #next = 1;
  #onProgress;
  #heard = false;
  #opened = null;

  constructor(worker, onProgress) {
    this.#onProgress = onProgress;
    this.#worker = worker;
    this.#worker.onmessage = ({ data }) => this.#receive(data);
    this.#worker.onerror = (event) => {
      event.preventDefault?.();
      this.#end(failure.crash(event.message ? `${event.message} (${event.filename}:${event.lineno})` : "the worker's script did not load"));
    };
    this.#worker.onmessageerror = () => this.#end(failure.crash("a message could not be read"));
  }

  // Whether it has ever said anything: a script that is missing, damaged or forbidden does not.
  get heard() {
    return this.#heard;
  }

  get alive() {
    return this.#worker !== null;
  }

  // One request; resolves with its result, rejects with a LabError. Every request ends. What is in `handed` goes over to the worker;
  // `onPart` gets what of the answer comes before the rest.
  request(type, fields = {}, silence = SILENCE[type], handed = [], onPart = () => {}) {
    if (!this.#worker) return Promise.reject(new LabError(failure.crash("the kernel has ended")));
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      const waiting = patience(silence, () => this.#end(failure.hung(silence)));
      this.#waiting.set(id, { resolve, reject, waiting, onPart });
      this.#worker.postMessage(message(type, { id, ...fields }), handed);
    });
  }

  // Open a lab, once; whoever asks again gets the same answer.
  open(fields) {
    return (this.#opened ??= this.request("open", fields));
  }

  end(error = failure.crash("ended by the page")) {
    this.#end(error);
  }

  #receive(data) {
    if (!isMessage(data)) return;
    this.#heard = true;
    if (data.type === "progress") {
      for (const { waiting } of this.#waiting.values()) waiting.again();
      this.#onProgress(data);
      return;
    }
    const entry = this.#waiting.get(data.id);
    if (!entry) return;
    if (data.type === "part") return entry.onPart(data.patch);
    this.#waiting.delete(data.id);
    entry.waiting.end();
    if (data.type === "answer") entry.resolve(data.result);
    else entry.reject(new LabError(data.error));
  }

  #end(error) {
    this.#worker?.terminate();
    this.#worker = null;
    const entries = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject, waiting } of entries) {
      waiting.end();
      reject(new LabError(error));
    }
  }
}
