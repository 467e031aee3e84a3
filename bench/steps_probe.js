// Times changes of one setting, back and forth between two values, each until the kernel's answer is laid out, and beside each an
// empty patch: a change of that setting's tags, which nothing is computed from. <html data-settled> says when a change has been answered.
async ({changes, name, values}) => {
  const doc = Bokeh.documents[Bokeh.documents.length - 1];
  const house = doc.get_model_by_name("house");
  const setting = house.screens.find(({lab}) => lab === house.lab).settings.find(({key}) => key === name);
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
    document.body.offsetHeight; // the layout of the new numbers belongs to it
    return performance.now() - from;
  };
  const was = setting.value;
  const control = [], empty = [];
  for (let i = 0; i < changes; i++) {
    control.push(await time(() => { setting.value = values[i % values.length]; }));
    empty.push(await time(() => { setting.tags = [i]; }));
    await drawn();
  }
  if (JSON.stringify(setting.value) !== JSON.stringify(was)) await time(() => { setting.value = was; });
  return {control, empty};
}
