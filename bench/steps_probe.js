// Times changes of one setting, back and forth between two values, each until the kernel's answer is laid out, and beside each an
// empty patch: a change of that setting's tags, which nothing is computed from. <html data-settled> says when a change has been answered.
// With `acknowledged`, each is timed until its control shows the new value, or else until it has been answered.
async ({changes, name, values, acknowledged}) => {
  const doc = Bokeh.documents[Bokeh.documents.length - 1];
  const house = doc.get_model_by_name("house");
  const setting = house.screens.find(({lab}) => lab === house.lab).settings.find(({key}) => key === name);
  const root = document.documentElement;
  const settled = () => new Promise((done) => {
    const watch = new MutationObserver(() => { if (root.dataset.settled === "true") { watch.disconnect(); done(); } });
    watch.observe(root, {attributes: true, attributeFilter: ["data-settled"]});
  });
  const drawn = () => new Promise((done) => requestAnimationFrame(() => { document.body.offsetHeight; done(); }));
  const shown = () => JSON.stringify([...document.querySelectorAll(`[data-control="${name}"]`)].map((control) =>
    [control.textContent, ...[...control.querySelectorAll("input, select, [role=radio]")].map((part) => [part.value, part.checked, part.ariaChecked])]));
  const task = () => new Promise((done) => { const {port1, port2} = new MessageChannel(); port1.onmessage = done; port2.postMessage(null); });
  const says = async (before) => { while (shown() === before && root.dataset.settled !== "true") await task(); };
  const time = async (change, until) => {
    const waiting = settled();
    const from = performance.now();
    change();
    await (until?.() ?? waiting);
    document.body.offsetHeight; // the layout of the new numbers belongs to it
    return performance.now() - from;
  };
  const was = setting.value;
  const control = [], empty = [];
  for (let i = 0; i < changes; i++) {
    const before = shown();
    const last = settled();
    control.push(await time(() => { setting.value = values[i % values.length]; }, acknowledged ? () => says(before) : null));
    if (acknowledged) await last;
    await drawn(); // what follows later is not the empty patch's
    empty.push(await time(() => { setting.tags = [i]; }));
    await drawn();
  }
  if (JSON.stringify(setting.value) !== JSON.stringify(was)) await time(() => { setting.value = was; });
  return {control, empty};
}
