// The controls of the step, in groups.
import {html, nothing} from "lit-html"
import {item, settingsOf} from "../items.js"
import {maths} from "../maths.js"

export const element = {tag: "section", "aria-label": "Controls"}
export const uses = (view) => settingsOf(view.groups.flatMap(({items}) => items))

export function render(view, ctx) {
  return html`${view.groups.map((group) => html`<div class="group" role="group" aria-label=${group.title}>
    <div class="group-head"><h2>${group.title}</h2>${group.note?.length ? html`<p class="note">${maths(group.note, ctx)}</p>` : nothing}</div>
    <div class="items">${group.items.map((each) => item(each, ctx))}</div>
  </div>`)}`
}
