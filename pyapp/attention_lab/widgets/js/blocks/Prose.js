// A few words under a heading.
import {html, nothing} from "lit-html"
import {maths} from "../maths.js"

export const element = {region: "prose"}

export function render(view, ctx) {
  return html`${view.heading ? html`<h2>${view.heading}</h2>` : nothing}${view.paragraphs.map((words) => html`<p>${maths(words, ctx)}</p>`)}`
}
