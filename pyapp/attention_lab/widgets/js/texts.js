// What the scripts say, in the page's language. The page brings the texts of another language before anything is drawn (web/boot.js);
// where there are none, a text is said as it stands here. `later` marks a text that is looked up when it is shown.
export function t(text, values = {}) {
  const said = globalThis.attentionLabTexts?.[text] ?? text
  return said.replace(/\{(\w+)\}/g, (place, name) => (Object.hasOwn(values, name) ? values[name] : place))
}

// What a host brings that is no page of ours; in a notebook, scripts speak the language of the lab that was opened last.
export function speak(scripts) {
  if (scripts != null) globalThis.attentionLabTexts = scripts.texts
}

export const later = (text) => text
