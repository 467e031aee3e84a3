// Where numbers come from: hand-built, random, trained or measured, with a few sentences behind it.
import {html, nothing} from "lit-html"
import {card} from "./card.js"
import {maths} from "./maths.js"

export function badge(it, ctx) {
  if (it == null) return nothing
  const paragraphs = it.paragraphs ?? []
  if (paragraphs.length === 0 && it.card == null) return html`<span class="badge-only ${it.kind}">${it.label}</span>`
  return html`<details class="menu badge ${it.kind}"><summary>${it.label}</summary><div class="pop right words ${it.card == null ? "" : "with-card"}">
    ${paragraphs.map((words) => html`<p>${maths(words, ctx)}</p>`)}${it.card == null ? nothing : card(it.card)}</div></details>`
}
