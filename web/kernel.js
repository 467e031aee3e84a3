// The page's side of the kernel: one worker, requests with an id and an end, a watchdog.
import { LabError, failure, isMessage, message } from "./messages.js";

const SILENCE = { boot: 90, open: 60, patch: 10, resume: 20, provide: 60, ping: 10 }; // seconds without a sign of life

export class Kernel {
  #worker;
  #waiting = new Map(); // id -> {resolve, reject, silence, timer}
  #next = 1;
  #onProgress;

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

  get alive() {
    return this.#worker !== null;
  }

  // One request; resolves with its result, rejects with a LabError. Every request ends. What is in `handed` goes over to the worker.
  request(type, fields = {}, silence = SILENCE[type], handed = []) {
    if (!this.#worker) return Promise.reject(new LabError(failure.crash("the kernel has ended")));
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, silence, timer: 0 });
      this.#watch(id);
      this.#worker.postMessage(message(type, { id, ...fields }), handed);
    });
  }

  end(error = failure.crash("ended by the page")) {
    this.#end(error);
  }

  #watch(id) {
    const entry = this.#waiting.get(id);
    clearTimeout(entry.timer);
    entry.timer = setTimeout(() => this.#end(failure.hung(entry.silence)), entry.silence * 1000);
  }

  #receive(data) {
    if (!isMessage(data)) return;
    if (data.type === "progress") {
      for (const id of this.#waiting.keys()) this.#watch(id);
      this.#onProgress(data);
      return;
    }
    const entry = this.#waiting.get(data.id);
    if (!entry) return;
    this.#waiting.delete(data.id);
    clearTimeout(entry.timer);
    if (data.type === "answer") entry.resolve(data.result);
    else entry.reject(new LabError(data.error));
  }

  #end(error) {
    this.#worker?.terminate();
    this.#worker = null;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject, timer } of waiting) {
      clearTimeout(timer);
      reject(new LabError(error));
    }
  }
}
