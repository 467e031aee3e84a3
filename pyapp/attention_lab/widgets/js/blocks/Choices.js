// Cards side by side of which one holds: what each answers, before and after a change, and one number of it.
import {html, nothing} from "lit-html"
import {chosenOf} from "../choice.js"
import {download} from "../download.js"
import {maths} from "../maths.js"
import {t} from "../texts.js"

export const element = {region: "models"}
export const uses = ({cards}) => Object.keys(cards[0]?.set ?? {})

export function render(view, ctx) {
  const {cards} = view
  const chosen = chosenOf(cards.map(({set}) => set), ctx.values, cards.findIndex(({open}) => open))
  const keydown = (event) => {
    const by = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1}[event.key]
    if (by == null || event.target.role !== "radio") return
    event.preventDefault()
    const next = cards[(chosen + by + cards.length) % cards.length]
    ctx.set(next.set)
    ctx.region.querySelector(`[data-card="${next.name}"]`).focus()
  }
  return html`<h2>${maths(view.title, ctx)}</h2>
    <div class="models" role="radiogroup" aria-label=${view.label} @keydown=${keydown}>${cards.map((card, i) => drawn(card, i === chosen, ctx))}</div>`
}

function drawn(card, open, ctx) {
  return html`<div class="model ${card.kind} ${open ? "open" : ""}">
    <button role="radio" data-card=${card.name} aria-checked=${open ? "true" : "false"} tabindex=${open ? 0 : -1} @click=${() => ctx.set(card.set)}>
      <span class="model-name"><b>${card.title}</b><span class="dim">${card.what}</span></span>
      ${card.answer == null ? nothing : answer(card.answer)}
      ${card.look == null ? nothing : html`<span class="looks" title=${card.look.where}>${maths(card.look.pair)} <b data-look=${card.look.value}>${card.look.weight}</b></span>`}
      ${card.waits == null ? nothing : html`<span class="waits">${card.waits}</span>`}
    </button>
    ${card.download == null ? nothing : download(card.download, ctx)}
  </div>`
}

function answer({before, after, flips}) {
  const said = ({word, share}) => html`<bdi>${word}</bdi> <span class="share">${share}</span>`
  if (after == null) return html`<span class="says"><span class="vh">${t("answers")} </span>${said(before)}</span>`
  return html`<span class="says ${flips ? "flips" : ""}"><span class="was"><span class="vh">${t("answered")} </span><bdi>${before.word}</bdi></span> → <span class="vh">${t("now answers")} </span>${said(after)}</span>`
}
