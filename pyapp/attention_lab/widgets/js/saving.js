// Gives the learner a file. A page around the lab may forbid that, and tells nobody: in a frame, the lab says what to do if no file comes.
import {html, nothing} from "lit-html"
import {placed, t} from "./texts.js"

const framed = globalThis.parent !== globalThis

export function saveAs(blob, name) {
  const a = Object.assign(document.createElement("a"), {href: URL.createObjectURL(blob), download: name})
  document.body.append(a)
  a.click()
  a.remove()
  setTimeout(() => URL.revokeObjectURL(a.href), 1000)
}

// After a file was given, where it may not have arrived.
export function mayNotHaveCome(ctx) {
  if (!framed) return
  ctx.state.mayNotHaveCome = true
  ctx.redraw()
}

export const ifNothingCame = (ctx) => ctx.state.mayNotHaveCome !== true ? nothing
  : html`<p class="nothing-came" role="status">${placed(t("If no file came, the page around the lab forbids it: {link}, and save it there."), {
    link: html`<a href=${ctx.link.address} target="_blank" rel="noopener">${t("open the lab by itself")}</a>`,
  })}</p>`
