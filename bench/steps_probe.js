// Times changes of the scale, each until the kernel's answer is laid out, and beside each an empty patch: a change of that
// setting's tags, which nothing is computed from. <html data-settled> says when a change has been answered.
async ({changes}) => {
  const doc = Bokeh.documents[Bokeh.documents.length - 1];
  const house = doc.get_model_by_name("house");
  const scale = house.screens.find(({lab}) => lab === house.lab).settings.find(({key}) => key === "scale");
  const root = document.documentElement;
  const settled = () => new Promise((done) => {
    const watch = new MutationObserver(() => { if (root.dataset.settled === "true") { watch.disconnect(); done(); } });
    watch.observe(root, {attributes: true, attributeFilter: ["data-settled"]});
  });
  const drawn = () => new Promise((done) => requestAnimationFrame(() => { document.body.offsetHeight; done(); }));
  const time = async (change) => {
    const waiting = settled();
    const from = performance.now();
    change();
    await waiting;
    const answered = performance.now();
    document.body.offsetHeight; // the layout of the new numbers belongs to it
    return {answered: answered - from, laid: performance.now() - from};
  };
  const control = [], empty = [];
  for (let i = 0; i < changes; i++) {
    control.push((await time(() => { scale.value = 0.2 + (i % 90) / 50; })).laid);
    empty.push((await time(() => { scale.tags = [i]; })).laid);
    await drawn();
  }
  return {control, empty, shown: document.querySelector("[data-region=stage] [data-cell='0,0']")?.dataset.value ?? ""};
}
