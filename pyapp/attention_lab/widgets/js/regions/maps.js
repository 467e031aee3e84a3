// Every head as a small map; the one that is shown large is framed. Sorted by how much each looks from the one word to the other.
import {html, nothing} from "lit-html"
import {ref} from "lit-html/directives/ref.js"
import {maths} from "../maths.js"
import {paint} from "../minimap.js"
import {segments} from "../segments.js"

export const element = {tag: "section", "aria-label": "All heads of this model"}
export const uses = ["at", "order"]

const MANY = 24   // heads, beyond which a map has no label of its own

export function render(view, ctx) {
  const many = view.heads.length > MANY
  const across = many ? 12 : Math.min(4, view.across)
  return html`<h2>${maths(view.question, ctx)}</h2>
    ${segments({label: "Order of the heads", value: ctx.learner.order, options: view.orders, pick: (order) => ctx.set({order})})}
    <div class="maps ${many ? "many" : ""}" .style="--across:${across}">${view.heads.map((head) => map(head, view, many, ctx))}</div>
    ${many ? html`<p class="note">${shown(view)}</p>` : nothing}`
}

function map(head, view, many, ctx) {
  return html`<button class="head" data-spot=${head.spot.join(".")} data-weight=${head.value} aria-pressed=${head.current ? "true" : "false"} title="${head.label}: ${head.weight}"
    @click=${() => ctx.set({at: head.spot})}>
    <span class="mini"><canvas ${ref((canvas) => { if (canvas != null) paint(canvas, head.values, many ? 36 : 72) })} aria-hidden="true"></canvas>
      ${many ? nothing : html`<b class="pointer" .style="top:${(view.query + 0.5) / head.values.length * 100}%"></b>`}</span>
    ${many ? html`<span class="vh">${head.label}, weight ${head.weight}</span>` : html`<span class="head-name"><span class="vh">${head.label}</span><span aria-hidden="true">${head.short}</span></span><span class="weight">${head.weight}</span>`}</button>`
}

function shown({heads}) {
  const open = heads.find(({current}) => current)
  const best = heads.reduce((a, b) => b.value > a.value ? b : a)
  return `Shown: ${open.label}, ${open.weight}. Most: ${best.label}, ${best.weight}.`
}
