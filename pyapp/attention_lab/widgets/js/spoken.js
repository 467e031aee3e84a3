// Under `panel serve` and in a notebook Python says which language is spoken and brings the texts of the scripts. Another one is another
// session, at an address that names it; a cell of a notebook is given its language where it is made.

export function speakOf({spoken, address}) {
  if (spoken == null) return
  globalThis.attentionLabTexts = spoken.texts
  const {now} = spoken
  globalThis.attentionLabSpoken = {now, names: address ? spoken.names : {}, speak: (code) => location.assign(addressIn(code))}
  if (address) Object.assign(document.documentElement, {lang: now, dir: spoken.direction})
}

// The state stands behind "#", and goes along.
function addressIn(code) {
  const url = new URL(location.href)
  url.searchParams.set("language", code)
  return url
}
