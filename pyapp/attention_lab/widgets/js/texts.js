// What the scripts say, in the page's language. The page brings the texts of another language before anything is drawn (web/boot.js);
// where there are none, a text is said as it stands here. `later` marks a text that is looked up when it is shown.
export function t(text, values = {}) {
  const said = globalThis.attentionLabTexts?.[text] ?? text
  return said.replace(/\{(\w+)\}/g, (place, name) => (Object.hasOwn(values, name) ? values[name] : place))
}

export const later = (text) => text
