// What stands around every picture: its heading with the badge, the picture in one sentence, and its numbers as a table.
import {html, nothing} from "lit-html"
import {badge} from "./badge.js"
import {tablesOf} from "./twin.js"

export function headed(view, ctx) {
  if (!view.label && view.badge == null) return nothing
  return html`<div class="block-head">${view.label ? html`<h2>${view.label}</h2>` : nothing}${badge(view.badge, ctx)}</div>`
}

// A picture with its sentence; the table in its place where the learner asked for tables and there is one.
export function framed(view, ctx, picture, twins = []) {
  return html`${headed(view, ctx)}${view.alt ? html`<p class="vh">${view.alt}</p>` : nothing}
    ${ctx.table && twins.length > 0 ? tablesOf(twins, view.label) : picture()}`
}
