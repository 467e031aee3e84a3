// Matrices as pictures the size of stamps, one of which is shown large: picked, sorted, and veiled while they would give an answer away.
import {html, nothing} from "lit-html"
import {ref} from "lit-html/directives/ref.js"
import {chosenOf} from "../choice.js"
import {item} from "../items.js"
import {maths} from "../maths.js"
import {paint} from "../minimap.js"
import {t} from "../texts.js"

export const element = {region: (view) => view?.region}
export const uses = ({maps, order}) => [...Object.keys(maps[0]?.set ?? {}), ...(order == null ? [] : [order.name])]
export const later = (view) => view?.region === "heads"

const SIDE = 120   // CSS px of the drawing; the stylesheet scales it
const STAMP = 36   // where there are many

export function render(view, ctx) {
  const {maps, many, veiled, order} = view
  const chosen = chosenOf(maps.map(({set}) => set), ctx.values, maps.findIndex(({current}) => current))
  return html`<h2>${maths(view.title, ctx)}</h2>
    ${order == null ? nothing : item(order, ctx)}
    <div class="maps ${many ? "many" : ""} ${view.large ? "large" : ""}" .style="--across:${view.across}">${maps.map((map, i) => small(map, i === chosen, view, ctx))}</div>
    ${view.note ? html`<p class="note">${view.note}</p>` : nothing}`
}

function small(map, chosen, {many, veiled, row}, ctx) {
  const side = many ? STAMP : SIDE
  const mirrored = ctx.view("sentence")?.field?.right_to_left   // the columns are its words
  const hint = many ? `${map.label}: ${map.weight}` : nothing
  return html`<button class="head" data-map=${map.spot ?? Object.values(map.set)[0]} data-weight=${map.value ?? nothing} aria-pressed=${chosen ? "true" : "false"} title=${hint} @click=${() => ctx.set(map.set)}>
    <span class="mini ${veiled ? "veiled" : ""}">${veiled ? html`<span aria-hidden="true">?</span>` : html`<canvas ${ref((canvas) => { if (canvas != null) paint(canvas, map.values, side) })} class=${mirrored ? "mirrored" : ""} aria-hidden="true"></canvas>
      ${many ? nothing : html`<b class="pointer" .style="top:${(row + 0.5) / Math.max(1, map.values.length) * 100}%"></b>`}`}</span>
    ${many ? nothing : html`<span class="head-name" aria-hidden="true">${map.short}</span>${map.weight == null ? nothing : html`<span class="weight" aria-hidden="true">${map.weight}</span>`}`}
    <span class="vh">${map.label}${veiled ? t(", hidden until you have guessed") : map.caption ? `. ${map.caption}` : map.weight == null ? "" : t(", weight {weight}", {weight: map.weight})}</span></button>`
}
