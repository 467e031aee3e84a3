// In every page that is measured, before its own scripts: milliseconds since the navigation, in window.__times, and promises of the
// first and of all of them, window.__painted and window.__probed. The stepper: when a matrix with numbers has been painted; from
// then on one step and another are chosen in turn, since a page may lose what is chosen before it listens, but not so often that it
// is the clicks that are measured; when the numbers of a chosen step have been painted. The front door: when its words have
// weights, and when another example's have them. The empty page: when it shows what Python has printed.
(() => {
  const times = window.__times = {};
  const matrix = (name) => document.querySelector(`[data-region=stage] [data-matrix=${name}] [data-value]`);
  const words = () => [...document.querySelectorAll("[data-region=words] .linked-word")].map((word) => word.textContent).join(" ");
  const pages = [
    {opens: () => matrix("x"), answers: () => matrix("weights") || matrix("raw_scores"),
      choices: ["[data-region=transport] [data-step=weights]", "[data-region=transport] [data-step=raw_scores]"]},
    {opens: words, answers: (opened) => words() && words() !== opened, choices: ["[data-action=example-1]", "[data-action=example-0]"]},
  ];
  // What is in the document now is on the screen when the frame after this one begins.
  const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => resolve(performance.now()))));
  const noted = {};
  const note = (what) => (noted[what] ??= frame().then((time) => (times[what] = time)));
  let painted, done, page, opened;
  window.__painted = new Promise((resolve) => (painted = resolve));
  window.__probed = new Promise((resolve) => (done = resolve));
  const watch = new MutationObserver(look);
  function choose(turn = 0) {
    if (noted.interactive) return;
    document.querySelector(page.choices[turn % 2])?.click();
    setTimeout(choose, 250, turn + 1);
  }
  function look() {
    page ??= pages.find(({opens}) => (opened = opens()));
    if (page && !noted.paint) note("paint").then(() => { painted(times.paint); choose(); });
    if (times.paint && page.answers(opened)) finish("interactive");
    if (document.getElementById("printed")?.textContent) finish("printed");
  }
  function finish(what) {
    watch.disconnect();
    note(what).then(() => done(times));
  }
  watch.observe(document, {childList: true, characterData: true, subtree: true, attributes: true, attributeFilter: ["data-value"]});
})();
