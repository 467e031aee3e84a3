// What the learner sees of the kernel: a bar while it loads, a word when it is ready, a clear panel when it fails.
// The state is one tagged value: {state: "loading", phase, loaded, total} | {state: "ready"} | {state: "error", error}.
import { later, t } from "../pyapp/attention_lab/widgets/js/texts.js";
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
  if (!template) return element("a", { href: "licenses.html", textContent: t("Licences") });
  const button = element("button", { type: "button", className: "kernel-link", textContent: t("Licences") });
  button.addEventListener("click", () => {
    const close = element("button", { type: "button", textContent: t("Close") });
    const dialog = element("dialog", { className: "kernel-licences" }, close, template.content.cloneNode(true));
    dialog.setAttribute("aria-label", t("Licences"));
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  });
  return button;
}

// On a host, where that page is beside this one.
function administrators(onHost) {
  return onHost ? [" · ", element("a", { href: "administrators.html", textContent: t("For administrators") })] : [];
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
  #popover = element("div", { className: "kernel-about" });
  #notes; // below the facts
  #offer = element("section", { className: "kernel-offer", hidden: true });
  #actions;
  #phases;
  #shown = null; // the state that it was told last
  #kept = false; // on this device, for use without a network

  constructor({ build, payload, offline, course }, actions) {
    this.#actions = actions;
    this.#phases = payload ? { ...PHASES, download: later("Reading Python out of this copy") } : PHASES;
    this.#notes = () => {
      const where = course ? t("Everything runs in this page; your place and answers are kept with the course, and nothing is sent elsewhere.") : t("Everything runs in this page; nothing is sent anywhere.");
      return element("p", {}, where, " ", licences(), ...administrators(offline), ".");
    };
    this.chip = element("details", { className: "kernel-chip" }, element("summary", {}, this.#line), this.#popover);
    this.#closeAbout();
    this.#panel = element("section", { className: "kernel-panel", hidden: true });
    this.#panel.setAttribute("role", "alert");
    this.#offer.setAttribute("aria-live", "polite");
    document.body.append(this.#bar, this.#panel, this.#offer);
    this.fact(later("Build"), build);
    this.show({ state: "loading", phase: "download", loaded: 0, total: 0 });
    this.speak();
  }

  // In the language that there are texts of now: boot.js asks again when those of another have come.
  speak() {
    this.#bar.setAttribute("aria-label", t("Loading Python"));
    this.#offer.setAttribute("aria-label", t("Update"));
    this.#popover.replaceChildren(element("h2", { textContent: t("About this build") }), this.#about, this.#notes());
    this.#writeFacts();
    this.show(this.#shown);
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

  // `what` is a text that is looked up when it is shown.
  fact(what, figure) {
    this.#facts.set(what, figure);
    this.#writeFacts();
  }

  #writeFacts() {
    this.#about.replaceChildren(
      ...[...this.#facts].flatMap(([name, value]) => {
        const figure = element("dd", { textContent: String(value) });
        figure.dataset.fact = name;
        return [element("dt", { textContent: t(name) }), figure];
      }),
    );
  }

  show(state) {
    this.#shown = state;
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
    if (this.#shown.state === "ready") this.#ready();
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
        told.textContent = t("That did not work ({why}). Close the other tabs of the lab, reload the page, and try again.", { why: error?.message ?? error });
      });
    });
    this.#offer.replaceChildren(
      element("p", {}, element("b", { textContent: what }), " ", t("Your sentence and settings are kept.")),
      told,
      element("p", { className: "kernel-actions" }, now, button(t("Later"), close)),
    );
    this.#offer.hidden = false;
  }

  #ready() {
    this.#line.textContent = this.#kept ? t("Offline ready") : t("Ready");
  }

  #loading({ phase, loaded, total }) {
    const bytes = phase === "download" && total > 0;
    const what = t(this.#phases[phase]);
    const mb = (n) => (n / MB).toFixed(1);
    this.#line.textContent = bytes ? t("{what}: {loaded} of {total} MB", { what, loaded: mb(loaded), total: mb(total) }) : `${what}…`;
    // Bytes fill the first seven tenths; the phases after them have no measure but their order.
    const order = Object.keys(PHASES).indexOf(phase);
    this.#bar.value = bytes ? (0.7 * loaded) / total : order === 0 ? 0 : 0.7 + 0.07 * order;
  }

  #failed({ kind, what, next, detail }, again) {
    this.#line.textContent = again ? t("A file is missing") : t("Python is not running");
    const buttons = element("p", { className: "kernel-actions" });
    if (kind === "python") buttons.append(button(t("Retry"), this.#actions.retryChange), button(t("Restart Python"), this.#actions.restart));
    else if (kind === "crash" || kind === "hung") buttons.append(button(t("Restart"), this.#actions.restart));
    else buttons.append(button(t("Retry"), again ? this.#actions.retryChange : this.#actions.restart));
    const more = element("details", {}, element("summary", { textContent: t("Details") }), element("pre", { textContent: detail, tabIndex: 0 }));
    this.#panel.dataset.kind = kind;
    this.#panel.replaceChildren(element("h2", { textContent: what }), element("p", { textContent: next }), buttons, more);
  }
}
