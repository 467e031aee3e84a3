// The controls of the step, in groups.
import {html, nothing} from "lit-html"
import {item, settingsOf} from "../items.js"
import {maths} from "../maths.js"
import {later, t} from "../texts.js"

export const element = {tag: "section", "aria-label": later("Controls")}
export const uses = (view) => settingsOf(view.groups.flatMap(({items}) => items))

// On a phone they stand above the picture, and only those that the step is about are open.
export const early = (view) => view?.groups.some(({first}) => first != null) ?? false

export function render(view, ctx) {
  const {groups} = view
  if (!ctx.phone || !early(view)) return html`${groups.map((group) => drawn(group, ctx))}`
  return html`${groups.filter(({first}) => first).map((group) => drawn(group, ctx))}
    <details class="folding"><summary>${t("More settings")}</summary><div class="groups">${groups.filter(({first}) => !first).map((group) => drawn(group, ctx))}</div></details>`
}

function drawn(group, ctx) {
  return html`<div class="group" role="group" aria-label=${group.title}>
    <div class="group-head"><h2>${group.title}</h2>${group.note?.length ? html`<p class="note">${maths(group.note, ctx)}</p>` : nothing}</div>
    <div class="items">${group.items.map((each) => item(each, ctx))}</div>
  </div>`
}
