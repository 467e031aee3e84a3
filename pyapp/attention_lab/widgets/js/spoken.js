// Under `panel serve` another language is another session, at an address that names it; the state stands behind "#", and goes along.
// A cell of a notebook is given its language where it is made.

export function offer({scripts, address}) {
  if (scripts == null || !address) return
  const {language: now, direction, names} = scripts
  Object.assign(document.documentElement, {lang: now, dir: direction})
  globalThis.attentionLabSpoken = {now, names, speak: (code) => location.assign(addressIn(code))}
}

function addressIn(code) {
  const url = new URL(location.href)
  url.searchParams.set("language", code)
  return url
}
