// The size of letters is the reader's: every style sheet measures in rem, and what is laid out by scripts is planned for letters of
// 16 px and multiplied by `type.times`. Media queries in em know the browser's own setting; where a style (of a reader, a host, an
// extension) gives the root another size, the rules are asked for the widths that have as many of its letters.

const NOMINAL = 16   // px that 1rem is where nobody has chosen

// px, where 1rem is 16: the smallest letters on a desk (css/matrix.css) and, before they are enlarged, in front of a class (css/present.css).
export const SMALLEST = {desk: 11, class: 15}

export const type = {times: 1}

// The first drawing and the one that follows it are two scripts with one page: `asked`, the root's letters against the browser's;
// `written`, media rule -> what it asked for in the style sheet.
const page = globalThis.attentionLabType ??= {asked: 1, written: new Map()}

const watchers = new Set()
let probe = null

// Calls back when the letters have another size; returns what ends it.
export function watchType(changed) {
  if (probe == null) start()
  watchers.add(changed)
  return () => watchers.delete(changed)
}

// A length that was planned for letters of 16 px.
export const rem = (px) => `${px / NOMINAL}rem`

// A width of the window that has as many letters.
export const ems = (px) => `${px / NOMINAL * page.asked}em`

function start() {
  probe = part("1rem", "")
  const own = part("1em", "medium")
  document.body.append(probe, own)
  const measured = () => {
    const [rem, em] = [probe, own].map((el) => parseFloat(getComputedStyle(el).width) || NOMINAL)
    if (type.times === rem / NOMINAL && page.asked === rem / em) return
    Object.assign(type, {times: rem / NOMINAL})
    ask(rem / em)
    for (const changed of watchers) changed()
  }
  measured()
  new ResizeObserver(measured).observe(probe)
}

function part(width, fontSize) {
  const el = document.createElement("i")
  el.setAttribute("aria-hidden", "true")
  Object.assign(el.style, {position: "absolute", visibility: "hidden", height: "0", top: "0", left: "0", width, fontSize})
  return el
}

function ask(next) {
  if (next === page.asked) return
  page.asked = next
  for (const sheet of document.styleSheets) rulesOf(sheet).forEach(rewrite)
}

// Style sheets of another origin do not show their rules: they are none of ours.
function rulesOf(sheet) {
  try {
    return [...sheet.cssRules]
  } catch {
    return []
  }
}

function rewrite(rule) {
  if (rule.media != null && rule.type === CSSRule.MEDIA_RULE) {
    if (!page.written.has(rule)) page.written.set(rule, rule.media.mediaText)
    rule.media.mediaText = page.written.get(rule).replace(/([\d.]+)em\b/g, (_, value) => `${value * page.asked}em`)
  }
  for (const inner of rule.cssRules ?? []) rewrite(inner)
}
