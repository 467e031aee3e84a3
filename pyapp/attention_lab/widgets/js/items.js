// Controls, drawn from their descriptors: each sets one setting, or what its `set` says. One that is being used is never rebuilt or overwritten.
import {html, nothing} from "lit-html"
import {same} from "./choice.js"
import {press} from "./going.js"
import {maths} from "./maths.js"
import {segments} from "./segments.js"

const ITEMS = {segmented, range, number, select, flag, button, note}

// The settings that redraw these items at once.
export const settingsOf = (items) => items.map(({name}) => name).filter((name) => name != null)

export function item(descriptor, ctx) {
  return html`<div class="item ${descriptor.type}" data-control=${descriptor.control ?? descriptor.name ?? nothing}>${ITEMS[descriptor.type]?.(descriptor, ctx)}</div>`
}

// What the learner chose holds before Python has answered; null means Python's own value.
const current = ({name, value}, ctx) => ctx.values[name] ?? value

const locked = ({name, set}, ctx) => (name != null && ctx.fixed(name)) || Object.keys(set ?? {}).some((each) => ctx.fixed(each))

const words = (text, ctx) => Array.isArray(text) ? maths(text, ctx) : text

function segmented(item, ctx) {
  const value = current(item, ctx)
  const pick = (value) => { const option = item.options.find((each) => each.value === value); ctx.set(option?.set ?? {[item.name]: value}) }
  return segments({label: item.label, value, options: item.options, pick, disabled: locked(item, ctx)})
}

// A slider runs over its values, or over their logarithms. With `entry`, the setting is a list of lists, and the slider sets the last
// element of the one that starts so.
function range(item, ctx) {
  const {state} = ctx
  const key = item.control ?? item.name
  const using = state.using === key
  const own = valueOf(item, ctx)
  const at = own ?? item.value
  const shown = own == null || own === item.value ? item.shown : written(item, own)
  const input = (event) => { state.using = key; put(item, ctx, fromSlider(item, event.target.valueAsNumber)) }
  const done = () => { state.using = null; ctx.redraw() }
  const id = `control-${ctx.lab}-${key}`
  const scale = sliderScale(item)
  return html`<label for=${id}>${words(item.label, ctx)} <output translate="no" for=${id}>${shown}</output></label>
    <input id=${id} type="range" min=${scale.min} max=${scale.max} step=${scale.step} aria-valuetext=${shown} ?disabled=${locked(item, ctx)}
      .value=${using ? ctx.region.querySelector(`[data-control="${key}"] input`).value : String(toSlider(item, at))} @input=${input} @change=${done}>
    ${item.reset != null && own != null ? html`<button class="link-button" @click=${() => ctx.set({[item.name]: item.reset.value})}>${words(item.reset.label, ctx)}</button>` : nothing}`
}

const startsWith = (entry, list) => entry.every((part, i) => list[i] === part)

function valueOf(item, ctx) {
  const value = ctx.values[item.name]
  if (item.entry == null) return value
  return value.find((each) => startsWith(item.entry, each))?.at(-1)
}

function put(item, ctx, value) {
  if (item.entry == null) return ctx.set({[item.name]: value})
  const others = ctx.values[item.name].filter((each) => !startsWith(item.entry, each))
  ctx.set({[item.name]: [...others, [...item.entry, value]]})
}

function written(item, value) {
  const digits = (String(item.step).split(".")[1] ?? "").length
  return item.per == null ? Number(value).toFixed(digits) : (value / item.per).toFixed(Math.round(Math.log10(item.per)))
}

const FINE = 1000   // positions of a logarithmic slider

const sliderScale = (item) => item.log ? {min: 0, max: FINE, step: 1} : {min: item.min, max: item.max, step: item.step}
const toSlider = (item, value) => item.log ? Math.round(FINE * Math.log(value / item.min) / Math.log(item.max / item.min)) : value

function fromSlider(item, position) {
  if (!item.log) return position
  const value = item.min * (item.max / item.min) ** (position / FINE)
  return Math.max(item.min, Math.min(item.max, Math.round(value / item.step) * item.step))
}

function number(item, ctx) {
  const {state} = ctx
  const apply = (event) => {
    const value = event.target.valueAsNumber
    if (Number.isInteger(value) && value >= item.min && value <= item.max) ctx.set({[item.name]: value})
  }
  const input = (event) => { state.using = item.name; apply(event) }
  const done = (event) => { state.using = null; apply(event); ctx.redraw() }
  const value = state.using === item.name ? ctx.region.querySelector(`[data-control="${item.name}"] input`).value : String(current(item, ctx))
  return html`<label><span>${words(item.label, ctx)}</span> <input type="number" inputmode="numeric" min=${item.min} max=${item.max} step="1" ?disabled=${locked(item, ctx)} .value=${value} @input=${input} @change=${done} @blur=${done}>
    ${item.suffix ? html`<span>${item.suffix}</span>` : nothing}</label>`
}

function select(item, ctx) {
  const {options} = item
  const chosen = options.findIndex((option) => option.set == null ? String(option.value) === String(current(item, ctx)) : same(ctx.values, option.set))
  const at = chosen >= 0 ? chosen : options.findIndex(({value}) => String(value) === String(item.value))
  const pick = (event) => {
    const option = options[event.target.selectedIndex]
    ctx.set(option.set ?? {[item.name]: option.value})
  }
  return html`<label><span>${words(item.label, ctx)}</span> <select ?disabled=${locked(item, ctx)} @change=${pick}>${options.map((option, i) => html`<option value=${String(option.value)} .selected=${i === at} ?disabled=${option.disabled}>${option.label}</option>`)}</select></label>`
}

function flag(item, ctx) {
  return html`<label class="switch"><input type="checkbox" .checked=${current(item, ctx) === true} ?disabled=${locked(item, ctx)} @change=${(event) => ctx.set({[item.name]: event.target.checked})}> <span>${words(item.label, ctx)}</span></label>`
}

function button(item, ctx) {
  return html`<button class="plain" data-action=${item.action ?? `set-${Object.keys(item.set).join("-")}`} ?disabled=${locked(item, ctx)} @click=${() => press(item, ctx)}>${words(item.label, ctx)}</button>`
}

function note(item, ctx) {
  return html`<p class="note">${maths(item.text, ctx)}</p>`
}
