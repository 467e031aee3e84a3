// BokehJS styles by <style> elements, which a policy without 'unsafe-inline' refuses. Sheets that a script makes and adopts are
// allowed, so its two classes get these methods. Our copy of BokehJS calls the hook as soon as it has defined them
// (building/bokehjs.py), for it makes some sheets while it loads. In the labs, templates set `.style` and never `style=`.

const texts = new WeakMap(); // sheet of BokehJS -> its text
const adopted = new WeakMap(); // sheet of BokehJS -> {sheet, root}

function install(host) {
  this.uninstall();
  const root = host instanceof ShadowRoot ? host : host.getRootNode();
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(this.css);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  adopted.set(this, { sheet, root });
}

function uninstall() {
  const { sheet, root } = adopted.get(this) ?? {};
  if (!root) return;
  root.adoptedStyleSheets = root.adoptedStyleSheets.filter((each) => each !== sheet);
  adopted.delete(this);
}

function update(text) {
  texts.set(this, text);
  adopted.get(this)?.sheet.replaceSync(text);
}

function installForAll() {
  if (!adopted.has(this)) install.call(this, document);
}

globalThis.attentionLabSheets = (InlineStyleSheet, GlobalInlineStyleSheet) => {
  Object.assign(InlineStyleSheet.prototype, { _update: update, install, uninstall, remove: uninstall });
  Object.defineProperty(InlineStyleSheet.prototype, "css", {
    get() {
      return texts.get(this) ?? "";
    },
  });
  GlobalInlineStyleSheet.prototype.install = installForAll;
};
