// Inside another page: tells it how high the lab is, so that the frame can follow. The whole protocol, as the README has it:
//   lab -> host   {type: "attention-lab:height", height}   pixels; when the lab is painted, whenever it changes, and when asked
//   lab -> host   {subject: "lti.frameResize", height}     the same, as course systems that speak LTI know it
//   lab -> host   {type: "attention-lab:ready"}            once Python runs
//   host -> lab   {type: "attention-lab:ask"}
// With embed=1 that is the height of its contents. Without, the lab fills its frame and scrolls by itself: it says the frame's own
// height, so that a host that follows it stays where it is.
// Messages out carry nothing of the learner's, so it does not matter who reads them. Of those coming in, one of this shape from
// the page around is answered; nothing else in them is looked at.

const HEIGHT = "attention-lab:height";
const ASK = "attention-lab:ask";
const READY = "attention-lab:ready";
const LTI = "lti.frameResize";
const MOST = 20000; // pixels; a page that grows with its frame would never end

let told = 0;
let observed = null;

const ofItsContents = () => document.documentElement.hasAttribute("data-embed"); // the screen sets it
const height = () => (ofItsContents() ? Math.min(MOST, Math.ceil(observed.getBoundingClientRect().height)) : window.innerHeight);

function tell() {
  told = height();
  window.parent.postMessage({ type: HEIGHT, height: told }, "*");
  window.parent.postMessage({ subject: LTI, height: told }, "*");
}

export function announceReady() {
  if (window.parent !== window) window.parent.postMessage({ type: READY }, "*");
}

function tellChange() {
  if (observed && height() !== told) tell();
}

const observer = new ResizeObserver(tellChange);

export function announceHeight(element) {
  if (window.parent === window) return;
  if (observed) observer.unobserve(observed);
  else addEventListener("message", answer);
  observed = element;
  observer.observe(element);
  setTimeout(tellChange); // while a frame is not on the screen, nothing in it is observed
}

function answer({ source, data }) {
  if (source === window.parent && data !== null && typeof data === "object" && data.type === ASK) tell();
}
