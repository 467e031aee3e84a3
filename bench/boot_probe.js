// In every page that is measured, before its own scripts: milliseconds since the navigation, in window.__times, and a promise of
// the last of them, window.__probed. A page with a lab: when a matrix with numbers has been painted; from then on one step and
// another are chosen in turn, since a page may lose what is chosen before it listens, but not so often that it is the clicks that
// are measured; when the numbers of a chosen step have been painted. The empty page: when it shows what Python has printed.
(() => {
  const times = window.__times = {};
  const steps = ["weights", "raw_scores"];
  const shows = (matrix) => document.querySelector(`[data-region=stage] [data-matrix=${matrix}] [data-value]`);
  // What is in the document now is on the screen when the frame after this one begins.
  const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => resolve(performance.now()))));
  const noted = {};
  const note = (what) => (noted[what] ??= painted().then((time) => (times[what] = time)));
  let done;
  window.__probed = new Promise((resolve) => (done = resolve));
  const watch = new MutationObserver(look);
  function choose(turn = 0) {
    if (noted.interactive) return;
    document.querySelector(`[data-region=transport] [data-step=${steps[turn % 2]}]`)?.click();
    setTimeout(choose, 250, turn + 1);
  }
  function look() {
    if (!noted.paint && shows("x")) note("paint").then(() => choose());
    if (times.paint && (shows("weights") || shows("raw_scores"))) finish("interactive");
    if (document.getElementById("printed")?.textContent) finish("printed");
  }
  function finish(what) {
    watch.disconnect();
    note(what).then(() => done(times));
  }
  watch.observe(document, {childList: true, subtree: true, attributes: true, attributeFilter: ["data-value"]});
})();
