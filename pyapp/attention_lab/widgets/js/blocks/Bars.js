// How named values compare: upright bars, or lying ones where there are many or the screen is narrow.
import {html, nothing} from "lit-html"
import {chosenOf, namesIn} from "../choice.js"
import {framed} from "../frame.js"
import {inRow, rove} from "../rove.js"

export const element = {tag: "section"}
export const uses = ({sets}) => namesIn(sets)

const UPRIGHT = 12   // bars that fit beside each other
const LONGEST = 9    // letters of a name under an upright bar

export function render(view, ctx) {
  return framed(view, ctx, () => picture(view, ctx), twins(view))
}

export const twins = ({label, names, values, after, series, low, high, unit}) => [{
  caption: unit ? `${label} (${unit.trim()})` : label,
  columns: ["", ...after == null ? [label] : series, ...low == null ? [] : ["−", "+"]],
  rows: names.map((name, i) => [name, values[i], ...after == null ? [] : [after[i]], ...low == null ? [] : [low[i], high[i]]]),
}]

function picture(view, ctx) {
  const {names, sets} = view
  const upright = !ctx.small && names.length <= UPRIGHT && names.every((name) => [...name].length <= LONGEST)
  const chosen = chosenOf(sets, ctx.values)
  const longest = Math.max(...[...view.text, ...view.after_text ?? []].map((text) => text.length))
  return html`${view.after == null ? nothing : html`<p class="bar-series"><span><i class="before"></i>${view.series[0]}</span><span><i></i>${view.series[1]}</span></p>`}
    <div class="bars ${upright ? "upright" : "lying"} ${view.tint ? `tint-${view.tint}` : ""} ${view.signed ? "signed" : ""} ${names.length > UPRIGHT ? "many" : ""}" role=${sets.length > 0 ? "group" : "list"} aria-label=${view.label} .style="--bars:${names.length};--zero:${share(0, view) * 100}%;--above:${1 - share(0, view)};--text:${longest}ch" data-top=${view.ends_text[1]}
      tabindex=${names.length > UPRIGHT && sets.length === 0 ? "0" : nothing} ?data-scrolls=${names.length > UPRIGHT} @keydown=${(event) => rove(event, inRow(names.length))}>
      ${names.map((_, i) => bar(view, i, chosen, ctx))}
    </div>`
}

function bar(view, i, chosen, ctx) {
  const {names, text, after_text: afterText, highlighted, sets} = view
  const lit = highlighted.includes(i) || i === chosen ? "lit" : ""
  const top = `--top:${Math.max(...[0, view.values[i], view.after?.[i], view.high?.[i]].map((value) => share(value ?? 0, view)))}`
  const inside = html`<bdi class="bar-name" title=${names[i]}>${names[i]}</bdi>
    <span class="bar-track" aria-hidden="true">${afterText == null ? filled(view.values[i], view, "") : html`${filled(view.values[i], view, "before")}${filled(view.after[i], view, "")}`}${whisker(view, i)}</span>
    <span class="bar-text" translate="no">${afterText == null ? text[i] : html`<span class="was">${text[i]} →</span> ${afterText[i]}`}</span>`
  if (sets.length === 0) return html`<div class="bar-row ${lit}" role="listitem" .style=${top}>${inside}</div>`
  return html`<button class="bar-row ${lit}" data-spot=${i} tabindex=${i === Math.max(0, chosen) ? "0" : "-1"} aria-pressed=${i === chosen ? "true" : "false"} .style=${top} @click=${() => ctx.set(sets[i])}>${inside}</button>`
}

// Where a value lies between the ends, from 0 to 1; what lies beyond stops there.
const share = (value, {ends: [low, high]}) => Math.max(0, Math.min(1, ((value ?? 0) - low) / (high - low)))

function filled(value, view, name) {
  const [a, b] = [share(0, view), share(value, view)]
  const at = `--at:${Math.min(a, b) * 100}%;--size:${Math.abs(b - a) * 100}%`
  return html`<i class="${name} ${value < 0 ? "negative" : ""} ${value == null ? "unknown" : ""}" .style=${at}></i>`
}

function whisker(view, i) {
  if (view.low == null || view.low[i] == null || view.high[i] == null) return nothing
  const [a, b] = [share(view.low[i], view), share(view.high[i], view)]
  return html`<b class="whisker" .style="--at:${a * 100}%;--size:${(b - a) * 100}%"></b>`
}
