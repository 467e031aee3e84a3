// Links a Bokeh document in the page with its twin in the kernel.
// What the learner changes is kept until the kernel can take it. While the kernel works, only the newest value of each
// control waits: what a slow machine skips is frames, never the last value.
// `<html data-settled>` says whether everything that was changed has been answered.

// What a figure measures of itself in the page: nothing in the kernel asks for it, and each would be a round of its own before the next
// change of the learner's is taken.
const MEASURED = new Set(["inner_width", "inner_height", "outer_width", "outer_height"]);

export class Sync {
  #document;
  #send = null; // (patch text, onPart) -> promise of the answering patch text, of which a part may come before; null while there is no kernel
  #onError = () => {};
  #pending = new Map(); // "model.attribute" -> newest event
  #busy = false;

  constructor(bokehDocument) {
    this.#document = bokehDocument;
    bokehDocument.on_change((event) => this.#changed(event));
  }

  get document() {
    return this.#document;
  }

  // From now on changes go to the kernel, those made before first.
  connect(send, onError) {
    this.#send = send;
    this.#onError = onError;
    this.#busy = false;
    void this.flush();
  }

  disconnect() {
    this.#send = null;
    this.#busy = false;
  }

  // Values that a restarted kernel is told at once need not be sent again.
  forgetPending() {
    this.#pending.clear();
  }

  // Whether a value has been changed that the kernel has not been told of.
  isPending(model, attr) {
    return this.#pending.has(`${model.id}.${attr}`);
  }

  apply(patchText) {
    if (!patchText) return;
    const patch = JSON.parse(patchText);
    // What the learner has changed again meanwhile is newer than the answer.
    patch.events = patch.events.filter((event) => !this.#pending.has(`${event.model?.id}.${event.attr}`));
    this.#document.apply_json_patch(patch);
  }

  #changed(event) {
    if (event.events) return event.events.forEach((each) => this.#changed(each)); // several properties set at once
    if (event.sync === false || MEASURED.has(event.attr)) return; // it came from the kernel, or stays here
    const key = event.kind === "ModelChanged" ? `${event.model.id}.${event.attr}` : Symbol(event.kind);
    this.#pending.delete(key); // the newest goes to the end of the queue
    this.#pending.set(key, event);
    this.#settled(false);
    queueMicrotask(() => void this.flush());
  }

  #settled(yes) {
    document.documentElement.dataset.settled = String(yes);
  }

  async flush() {
    if (this.#busy || !this.#send) return;
    if (this.#pending.size === 0) return this.#settled(true);
    const send = this.#send;
    const events = [...this.#pending.values()];
    this.#pending.clear();
    const patch = JSON.stringify(this.#document.create_json_patch(events));
    this.#busy = true;
    try {
      const answer = await send(patch, (part) => send === this.#send && this.apply(part));
      if (send !== this.#send) return; // the kernel was replaced meanwhile
      this.apply(answer);
    } catch (error) {
      if (send === this.#send) this.#onError(error, patch);
    } finally {
      if (send === this.#send) this.#busy = false;
    }
    void this.flush();
  }
}
