// On a computer that others use, too: whoever comes to work that is kept here is asked whether to go on with it or to start as
// someone else. Asked once a visit; a tab beside another is the same visit.
import { t } from "../pyapp/attention_lab/widgets/js/texts.js";

const VISIT = "attention-lab-visit";
const ANSWER = 300; // ms that another tab has to say that it is there

function element(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

function button(text, act, action) {
  const node = element("button", { type: "button", textContent: text });
  node.dataset.action = action;
  node.addEventListener("click", act);
  return node;
}

async function isSameVisit() {
  const beside = besideAnother();
  try {
    if (sessionStorage.getItem(VISIT)) return true;
    sessionStorage.setItem(VISIT, "1");
  } catch {
    return true; // then nothing is kept either
  }
  return beside;
}

function besideAnother() {
  if (!globalThis.BroadcastChannel) return false;
  const channel = new BroadcastChannel(VISIT);
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ANSWER);
    channel.onmessage = ({ data }) => {
      if (data === "who?") return channel.postMessage("here");
      clearTimeout(timer);
      resolve(true);
    };
    channel.postMessage("who?");
  });
}

function called({ name: given, points, of, at }) {
  const [name, date] = [given || t("Somebody"), new Date(at).toLocaleDateString()];
  return of ? t("{name} ({points} of {of} points, {date})", { name, points, of, date }) : `${name} (${date})`;
}

// Nothing of one person's is to stay on the screen of another: the page is opened anew, without what its address says of the state.
export function reopen() {
  const asked = new URLSearchParams(location.search);
  const kept = [...asked].filter(([name]) => ["embed", "lock", "theme", "counts", "lab", "language"].includes(name));
  location.replace(`${location.pathname}?${new URLSearchParams(kept)}`);
}

export async function askWho(store, save) {
  const same = await isSameVisit();
  if (same || !store.keeps || !store.worked) return;
  const bar = element("section", { className: "kernel-offer people" });
  bar.setAttribute("aria-label", t("Whose work is this?"));
  const goTo = (n) => () => {
    store.goOn(n);
    reopen();
  };
  const anew = () => {
    store.startAnew();
    reopen();
  };
  bar.append(
    element("p", {}, element("b", { textContent: t("Work is kept on this device:") }), " ", t("{who}. Is it yours?", { who: called(store.person) })),
    element(
      "p",
      { className: "kernel-actions" },
      button(t("Go on"), () => bar.remove(), "go-on"),
      button(t("Start as someone else"), anew, "start-anew"),
      button(t("Save its results first"), save, "save-first"),
      ...store.others.map((each) => button(t("Go on as {who}", { who: called(each) }), goTo(each.n), `go-on-${each.n}`)),
    ),
  );
  document.body.append(bar);
}
