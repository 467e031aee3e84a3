// What the learner sees of the kernel: a bar while it loads, a word when it is ready, a clear panel when it fails.
// The state is one tagged value: {state: "loading", phase, loaded, total} | {state: "ready"} | {state: "error", error}.
import { PHASES } from "./messages.js";

const MB = 1e6;

function element(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

// A page of its own, or, where one file is all there is, a dialog with the template that the page brings.
function licences() {
  const template = document.getElementById("lab-licences");
  if (!template) return element("a", { href: "licenses.html", textContent: "Licences" });
  const button = element("button", { type: "button", className: "kernel-link", textContent: "Licences" });
  button.addEventListener("click", () => {
    const close = element("button", { type: "button", textContent: "Close" });
    const dialog = element("dialog", { className: "kernel-licences" }, close, template.content.cloneNode(true));
    dialog.setAttribute("aria-label", "Licences");
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  });
  return button;
}

// On a host, where that page is beside this one.
function administrators(onHost) {
  return onHost ? [" · ", element("a", { href: "administrators.html", textContent: "For administrators" })] : [];
}

function button(text, action) {
  const node = element("button", { type: "button", textContent: text });
  node.addEventListener("click", action);
  return node;
}

export class Status {
  #facts = new Map(); // "About this build": what -> figure
  #line = element("span", { className: "kernel-line" });
  #bar = element("progress", { className: "kernel-bar", max: 1 });
  #about = element("dl");
  #panel;
  #offer = element("section", { className: "kernel-offer", hidden: true });
  #actions;
  #phases;
  #state = "loading";
  #kept = false; // on this device, for use without a network

  constructor({ build, payload, offline, course }, actions) {
    this.#actions = actions;
    this.#phases = payload ? { ...PHASES, download: "Reading Python out of this copy" } : PHASES;
    this.#bar.setAttribute("aria-label", "Loading Python");
    const summary = element("summary", {}, this.#line);
    const popover = element(
      "div",
      { className: "kernel-about" },
      element("h2", { textContent: "About this build" }),
      this.#about,
      element("p", {}, `Everything runs in this page; ${course ? "your place and answers are kept with the course, and nothing is sent elsewhere" : "nothing is sent anywhere"}. `, licences(), ...administrators(offline), "."),
    );
    this.chip = element("details", { className: "kernel-chip" }, summary, popover);
    this.#closeAbout();
    this.#panel = element("section", { className: "kernel-panel", hidden: true });
    this.#panel.setAttribute("role", "alert");
    this.#offer.setAttribute("aria-label", "Update");
    this.#offer.setAttribute("aria-live", "polite");
    document.body.append(this.#bar, this.#panel, this.#offer);
    this.fact("Build", build);
    this.show({ state: "loading", phase: "download", loaded: 0, total: 0 });
  }

  // As every menu of the lab: Escape closes it, and so does a click beside it.
  #closeAbout() {
    const close = () => {
      if (!this.chip.open) return;
      const held = this.chip.contains(document.activeElement);
      this.chip.open = false;
      if (held) this.chip.firstElementChild.focus();
    };
    document.addEventListener("click", (event) => {
      if (!this.chip.contains(event.target)) close();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") close();
    });
  }

  // The header of the painted screen has a place for the chip; before that, and without a header, it floats.
  mount() {
    (document.getElementById("kernel-status") ?? document.body).append(this.chip);
  }

  // Another view than the lab is on the screen: nothing is being loaded.
  away() {
    this.chip.remove();
    this.#bar.hidden = true;
    delete document.documentElement.dataset.kernel;
  }

  fact(what, figure) {
    this.#facts.set(what, figure);
    this.#about.replaceChildren(
      ...[...this.#facts].flatMap(([name, value]) => [element("dt", { textContent: name }), element("dd", { textContent: String(value) })]),
    );
  }

  show(state) {
    this.#state = state.state;
    document.documentElement.dataset.kernel = state.state;
    this.#bar.hidden = state.state !== "loading";
    this.#panel.hidden = state.state !== "error";
    if (state.state === "loading") this.#loading(state);
    else if (state.state === "ready") this.#ready();
    else this.#failed(state.error, state.again ?? false);
  }

  offline(kept) {
    this.#kept = kept;
    document.documentElement.dataset.offline = kept ? "ready" : "no";
    if (this.#state === "ready") this.#ready();
  }

  // Something better (a newer build, another address), beside whatever the learner is doing.
  offer(what, verb, act) {
    const close = () => {
      this.#offer.hidden = true;
    };
    const told = element("p", { hidden: true });
    const now = button(verb, () => {
      now.disabled = true;
      act().catch((error) => {
        now.disabled = false;
        told.hidden = false;
        told.textContent = `That did not work (${error?.message ?? error}). Close the other tabs of the lab, reload the page, and try again.`;
      });
    });
    this.#offer.replaceChildren(
      element("p", {}, element("b", { textContent: what }), " Your sentence and settings are kept."),
      told,
      element("p", { className: "kernel-actions" }, now, button("Later", close)),
    );
    this.#offer.hidden = false;
  }

  #ready() {
    this.#line.textContent = this.#kept ? "Offline ready" : "Ready";
  }

  #loading({ phase, loaded, total }) {
    const bytes = phase === "download" && total > 0;
    this.#line.textContent = this.#phases[phase] + (bytes ? `: ${(loaded / MB).toFixed(1)} of ${(total / MB).toFixed(1)} MB` : "…");
    // Bytes fill the first seven tenths; the phases after them have no measure but their order.
    const order = Object.keys(PHASES).indexOf(phase);
    this.#bar.value = bytes ? (0.7 * loaded) / total : order === 0 ? 0 : 0.7 + 0.07 * order;
  }

  #failed({ kind, what, next, detail }, again) {
    this.#line.textContent = again ? "A file is missing" : "Python is not running";
    const buttons = element("p", { className: "kernel-actions" });
    if (kind === "python") buttons.append(button("Retry", this.#actions.retryChange), button("Restart Python", this.#actions.restart));
    else if (kind === "crash" || kind === "hung") buttons.append(button("Restart", this.#actions.restart));
    else buttons.append(button("Retry", again ? this.#actions.retryChange : this.#actions.restart));
    const more = element("details", {}, element("summary", { textContent: "Details" }), element("pre", { textContent: detail, tabIndex: 0 }));
    this.#panel.dataset.kind = kind;
    this.#panel.replaceChildren(element("h2", { textContent: what }), element("p", { textContent: next }), buttons, more);
  }
}
