// What the scripts say, in the page's language. The page brings the texts of another language before anything is drawn (web/boot.js);
// where there are none, a text is said as it stands here. `later` marks a text that is looked up when it is shown.
export function t(text, values = {}) {
  const said = globalThis.attentionLabTexts?.[text] ?? text
  return said.replace(/\{(\w+)\}/g, (place, name) => (Object.hasOwn(values, name) ? values[name] : place))
}

// What a page says is in its language; a worker gets the texts of that with its first message.
export const spoken = () => globalThis.attentionLabTexts ?? null
export const speak = (texts) => { globalThis.attentionLabTexts = texts }

export function later(text) {   // a function by this word is left out of the bundle, and the text stays
  return text
}

// A text with elements in its places, as lit-html takes it: `placed(t("Press {key}."), {key: html`<kbd>A</kbd>`})`.
export const placed = (said, elements) => said.split(/\{(\w+)\}/).map((piece, i) => i % 2 === 0 ? piece : elements[piece] ?? `{${piece}}`)
