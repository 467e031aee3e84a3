// The controls, drawn from their descriptors: each sets one learner property. A control being used is never rebuilt or overwritten.
import {html, nothing} from "lit-html"
import {maths} from "../maths.js"
import {segments} from "../segments.js"

export const element = {tag: "section", "aria-label": "Controls"}
export const uses = ["mask", "scale", "embedding", "seed", "d_model", "n_heads", "head", "n_pad", "sample", "job", "drawn"]

const ITEMS = {segmented, range, number, select, button, note}

export function render(view, ctx) {
  return html`${view.groups.map((group) => html`<div class="group" role="group" aria-label=${group.title}>
    <div class="group-head"><h2>${group.title}</h2>${group.note?.length ? html`<p class="note">${maths(group.note, ctx)}</p>` : nothing}</div>
    <div class="items">${group.items.map((item) => html`<div class="item ${item.type}" data-control=${item.name ?? nothing}>${ITEMS[item.type]?.(item, ctx)}</div>`)}</div>
  </div>`)}`
}

// What the learner chose holds before Python has answered; null means Python's own value.
const current = (item, ctx) => ctx.learner[item.name] ?? item.value

function segmented(item, ctx) {
  return segments({label: item.label, value: current(item, ctx), options: item.options, pick: (value) => ctx.set({[item.name]: value})})
}

function range(item, ctx) {
  const {state} = ctx
  const own = ctx.learner[item.name]
  const digits = (String(item.step).split(".")[1] ?? "").length
  const shown = own == null ? item.shown : Number(own).toFixed(digits)
  const input = (event) => { state.using = item.name; ctx.set({[item.name]: event.target.valueAsNumber}) }
  const done = () => { state.using = null; ctx.redraw() }
  const id = `control-${item.name}`
  return html`<label for=${id}>${item.label} <output for=${id}>${shown}</output></label>
    <input id=${id} type="range" min=${item.min} max=${item.max} step=${item.step} aria-valuetext=${shown}
      .value=${state.using === item.name ? valueInUse(ctx, item.name) : String(own ?? item.value)} @input=${input} @change=${done}>
    ${item.reset != null && own != null ? html`<button class="link-button" @click=${() => ctx.set({[item.name]: item.reset.value})}>${words(item.reset.label, ctx)}</button>` : nothing}`
}

const words = (text, ctx) => Array.isArray(text) ? maths(text, ctx) : text

// While a control is being used, its own value is the truth.
const valueInUse = (ctx, name) => ctx.region.querySelector(`[data-control="${name}"] input`).value

function number(item, ctx) {
  const {state} = ctx
  const apply = (event) => {
    const value = event.target.valueAsNumber
    if (Number.isInteger(value) && value >= item.min && value <= item.max) ctx.set({[item.name]: value})
  }
  const input = (event) => { state.using = item.name; apply(event) }
  const done = (event) => { state.using = null; apply(event); ctx.redraw() }
  const value = state.using === item.name ? valueInUse(ctx, item.name) : String(current(item, ctx))
  return html`<label><span>${item.label}</span> <input type="number" inputmode="numeric" min=${item.min} max=${item.max} step="1" .value=${value} @input=${input} @change=${done} @blur=${done}>
    ${item.suffix ? html`<span>${item.suffix}</span>` : nothing}</label>`
}

function select(item, ctx) {
  const value = String(current(item, ctx))
  const pick = (event) => {
    const option = item.options[event.target.selectedIndex]
    ctx.set(option.set ?? {[item.name]: option.value})
  }
  return html`<label><span>${item.label}</span> <select @change=${pick}>${item.options.map((option) => html`<option value=${String(option.value)} .selected=${String(option.value) === value} ?disabled=${option.disabled}>${option.label}</option>`)}</select></label>`
}

function button(item, ctx) {
  return html`<button class="plain" data-action=${`set-${Object.keys(item.set).join("-")}`} @click=${() => ctx.set(item.set)}>${item.label}</button>`
}

function note(item, ctx) {
  return html`<p class="note">${maths(item.text, ctx)}</p>`
}
