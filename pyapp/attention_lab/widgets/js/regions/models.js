// The models side by side, as choices of which one holds: what each answers, with and without the test, and how much it looks as is asked.
import {html, nothing} from "lit-html"
import {maths} from "../maths.js"
import {MINILM, download} from "../optional.js"

export const element = {tag: "section", "aria-label": "Models side by side"}
export const uses = ["examined"]

export function render(view, ctx) {
  const chosen = ctx.learner.examined
  const keydown = (event) => {
    const by = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1}[event.key]
    if (by == null || event.target.role !== "radio") return
    event.preventDefault()
    const next = view.cards[(view.cards.findIndex(({name}) => name === chosen) + by + view.cards.length) % view.cards.length]
    ctx.set({examined: next.name})
    ctx.region.querySelector(`[data-model="${next.name}"]`).focus()
  }
  return html`<h2>${maths(view.question, ctx)}</h2>
    <div class="models" role="radiogroup" aria-label="Model shown" @keydown=${keydown}>${view.cards.map((card) => model(card, chosen, ctx))}</div>`
}

function model(card, chosen, ctx) {
  const open = card.name === chosen
  return html`<div class="model ${card.kind} ${open ? "open" : ""}">
    <button role="radio" data-model=${card.name} aria-checked=${open ? "true" : "false"} tabindex=${open ? 0 : -1} @click=${() => ctx.set({examined: card.name})}>
      <span class="model-name"><b>${card.title}</b><span class="dim">${card.what}</span></span>
      ${card.answer == null ? nothing : answer(card.answer)}
      ${card.look == null ? nothing : html`<span class="looks" title=${card.look.where}>${maths(card.look.pair)} <b data-look=${card.look.value}>${card.look.weight}</b></span>`}
      ${card.waits === "kinds" ? html`<span class="waits">waits for kinds of words</span>` : nothing}
      ${card.waits === "file" ? html`<span class="waits">its file cannot be used</span>` : nothing}
    </button>
    ${card.waits === "download" ? download(MINILM, ctx) : nothing}
  </div>`
}

function answer({before, after, flips}) {
  const said = ({word, share}) => html`<bdi>${word}</bdi> <span class="share">${share}</span>`
  if (after == null) return html`<span class="says"><span class="vh">answers </span>${said(before)}</span>`
  return html`<span class="says ${flips ? "flips" : ""}"><span class="was"><span class="vh">answered </span><bdi>${before.word}</bdi></span> → <span class="vh">now answers </span>${said(after)}</span>`
}
