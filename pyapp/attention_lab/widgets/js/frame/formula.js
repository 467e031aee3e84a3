// The formula bar, the map of the lab: each part is a button to its step, and the part being computed is lit.
import {html} from "lit-html"
import {maths} from "../maths.js"
import {later} from "../texts.js"

export const element = {tag: "nav", "aria-label": later("Formula: each part opens its step")}
export const uses = () => ["step"]

// Where the line must break, it breaks between phrases.
export function render({phrases}, ctx) {
  return html`<div class="formula-line" translate="no">${phrases.map((phrase) => html`<span class="phrase">${maths(phrase, ctx)}</span>`)}</div>`
}
