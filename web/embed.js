// Inside another page: tells it how high the lab is, so that the frame can follow. The whole protocol, as the README has it:
//   lab -> host   {type: "attention-lab:height", height}   pixels; when the lab is painted, whenever it changes, and when asked
//   host -> lab   {type: "attention-lab:ask"}
// Messages out carry nothing of the learner's, so it does not matter who reads them. Of those coming in, one of this shape from
// the page around is answered; nothing else in them is looked at.

const HEIGHT = "attention-lab:height";
const ASK = "attention-lab:ask";
const MOST = 20000; // pixels; a page that grows with its frame would never end

let told = 0;
let observed = null;

const height = () => Math.min(MOST, Math.ceil(observed.getBoundingClientRect().height));

function tell() {
  told = height();
  window.parent.postMessage({ type: HEIGHT, height: told }, "*");
}

const observer = new ResizeObserver(() => {
  if (observed && height() !== told) tell();
});

export function announceHeight(element) {
  if (window.parent === window) return;
  if (observed) observer.unobserve(observed);
  else addEventListener("message", answer);
  observed = element;
  observer.observe(element);
}

function answer({ source, data }) {
  if (source === window.parent && data !== null && typeof data === "object" && data.type === ASK) tell();
}
