// The formula bar, the map of the lab: each part is a button to its step, and the part being computed is lit.
import {html} from "lit-html"
import {maths} from "../maths.js"

export const element = {tag: "nav", "aria-label": "Formula: each part opens its step"}
export const uses = ["step"]

// Where the line must break, it breaks before softmax.
export function render({math}, ctx) {
  const last = math.findLastIndex((node) => node.arrow) + 1
  return html`<div class="formula-line"><span class="phrase">${maths(math.slice(0, last), ctx)}</span><span class="phrase">${maths(math.slice(last), ctx)}</span></div>`
}
