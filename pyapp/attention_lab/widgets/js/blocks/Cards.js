// Cards to choose from, or to turn over.
import {html, nothing} from "lit-html"
import {icon} from "../icons.js"
import {chosenOf, namesIn} from "../choice.js"
import {framed} from "../frame.js"
import {maths} from "../maths.js"
import {inRow, rove} from "../rove.js"

export const element = {tag: "section"}
export const uses = ({cards}) => namesIn(cards.map(({set}) => set))

export function render(view, ctx) {
  const chosen = chosenOf(view.cards.map(({set}) => set), ctx.values)
  const stop = chosen >= 0 ? chosen : view.cards.findIndex(({set}) => set != null)
  return framed(view, ctx, () => html`<ul class="cards" role="list" @keydown=${(event) => rove(event, inRow(view.cards.length))}>${view.cards.map((card, i) => html`<li class="face ${i === chosen ? "on" : ""}">${
    card.set == null ? front(card, ctx) : html`<button class="face-button" data-spot=${i} tabindex=${i === stop ? "0" : "-1"} aria-pressed=${i === chosen ? "true" : "false"} @click=${() => ctx.set(card.set)}>${front(card, ctx)}</button>`
  }${back(card, i, view, ctx)}</li>`)}</ul>`)
}

function front(card, ctx) {
  return html`${card.sign ? html`<span class="face-sign">${card.sign}</span>` : nothing}<b class="face-title">${maths(card.title, ctx)}</b>${card.text?.length ? html`<span class="face-text">${maths(card.text, ctx)}</span>` : nothing}`
}

function back(card, i, view, ctx) {
  if (!card.back?.length) return nothing
  ctx.state.turned ??= new Map()
  const turned = ctx.state.turned.get(i) ?? card.turned
  const turn = () => { ctx.state.turned.set(i, !turned); ctx.redraw() }
  return html`${turned ? html`<p class="face-back">${maths(card.back, ctx)}</p>` : nothing}
    <button class="link-button face-turn" data-action="turn-${i}" aria-expanded=${turned ? "true" : "false"} @click=${turn}>${icon(turned ? "back" : "forward")}${turned ? view.words.back : view.words.turn}<span class="vh">: ${maths(card.title, ctx)}</span></button>`
}
