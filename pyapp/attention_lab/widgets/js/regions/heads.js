// All heads side by side, each a small map of its weights; veiled while a prediction about them is open.
import {html, nothing} from "lit-html"
import {ref} from "lit-html/directives/ref.js"
import {paint} from "../minimap.js"

export const element = {tag: "section", "aria-label": "Heads"}
export const uses = ["head"]

export function render(view, ctx) {
  const chosen = view.heads.some(({index}) => index === ctx.learner.head) ? ctx.learner.head : view.heads.find(({current}) => current)?.index
  return html`<h2>${view.title}</h2><div class="heads" .style="--across:${Math.min(4, Math.max(2, view.heads.length))}">${view.heads.map((head) => html`
    <button class="head" data-head=${head.index} aria-pressed=${head.index === chosen ? "true" : "false"} @click=${() => ctx.set({head: head.index})}>
      <span class="mini ${view.veiled ? "veiled" : ""}">${view.veiled ? html`<span aria-hidden="true">?</span>` : html`<canvas ${ref((canvas) => { if (canvas != null) paint(canvas, head.values, SIDE) })} aria-hidden="true"></canvas>
        <b class="pointer" .style="top:${(view.query + 0.5) / Math.max(1, head.values.length) * 100}%"></b>`}</span>
      <span>${head.label}</span><span class="vh">${view.veiled ? "hidden until you have guessed" : head.caption}</span></button>`)}</div>
    ${view.veiled ? html`<p class="note">Shown once you have guessed or skipped.</p>` : nothing}`
}

const SIDE = 120   // CSS px of the drawing; the stylesheet scales it
