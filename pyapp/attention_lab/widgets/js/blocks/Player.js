// A value that runs over time. The time is the page's own: at each frame the setting gets the index that is due.
import {html, nothing} from "lit-html"
import {icon} from "../icons.js"
import {headed} from "../frame.js"
import {segments} from "../segments.js"

export const element = {tag: "section"}
export const uses = ({setting}) => [setting]

const CALM = 1000   // ms between changes for those who asked for less motion; the whole takes as long as ever

export function render(view, ctx) {
  const {state} = ctx
  const {words} = view
  const at = valueOf(view, ctx)
  const last = view.length - 1
  const fixed = ctx.fixed(view.setting)
  const own = at === view.value ? view.shown : String(at)
  const playing = state.run != null
  state.view = view
  if (playing && at !== state.run.at) begin(ctx, at)   // moved by something else, or there is less to run through
  const go = (to) => set(ctx, to)
  const play = () => { if (playing) stop(ctx); else if (!fixed && last > 0) begin(ctx, at >= last ? go(0) : at); ctx.redraw() }
  return html`${headed(view, ctx)}<div class="player-block" role="group" aria-label=${view.label} @keydown=${(event) => keydown(event, {at, last, go, play})}>
    <div class="go"><button data-action="back" aria-label=${words.back} aria-disabled=${at === 0 || fixed ? "true" : "false"} @click=${() => go(at - 1)}>${icon("back")}</button>
      <button class="play" data-action="play" aria-label=${playing ? words.pause : at >= last && last > 0 ? words.again : words.play} aria-disabled=${fixed || last === 0 ? "true" : "false"} @click=${play}>${icon(playing ? "pause" : "play")}</button>
      <button data-action="forward" aria-label=${words.forward} aria-disabled=${at >= last || fixed ? "true" : "false"} @click=${() => go(at + 1)}>${icon("forward")}</button></div>
    <div class="scrub"><input type="range" min="0" max=${last} step="1" .value=${String(at)} ?disabled=${fixed || last === 0} aria-label=${view.label} aria-valuetext=${own} @input=${(event) => go(event.target.valueAsNumber)}>
      <output translate="no">${own}</output>${/^\d+$/.test(own) ? html`<span class="dim"> / ${last}</span>` : nothing}</div>
    ${view.speeds.length > 1 ? segments({label: words.speed, value: state.speed ?? 1, options: view.speeds, pick: (speed) => { state.speed = speed; if (state.run != null) begin(ctx, valueOf(view, ctx)); ctx.redraw() }}) : nothing}
  </div>`
}

export const leave = (ctx) => stop(ctx)

// The index that is due. A frame's time may lie before the start, and there may be less to run through than a moment ago.
export function due({start, from, rate}, now, length) {
  const passed = Math.max(0, now - start) / 1000
  return Math.max(0, Math.min(length - 1, from + Math.floor(passed * rate + 1e-6)))
}

// What the page has now, within what there is.
function valueOf(view, ctx) {
  const own = ctx.values[view.setting]
  return Math.max(0, Math.min(view.length - 1, Number.isInteger(own) ? own : view.value))
}

function set(ctx, to) {
  const {view, run} = ctx.state
  const next = Math.max(0, Math.min(view.length - 1, to))
  if (ctx.fixed(view.setting)) return valueOf(view, ctx)
  if (next !== ctx.values[view.setting]) ctx.set({[view.setting]: next})
  if (run != null && next !== run.at) begin(ctx, next)
  ctx.redraw()
  return next
}

function begin(ctx, from) {
  const {state} = ctx
  stop(ctx)
  const hide = () => { if (document.hidden) { stop(ctx); ctx.redraw() } }
  document.addEventListener("visibilitychange", hide)
  state.run = {start: performance.now(), from, at: from, told: -Infinity, hide, rate: state.view.rate * (state.speed ?? 1)}
  state.run.frame = requestAnimationFrame((now) => tick(ctx, now))
}

function stop(ctx) {
  const {run} = ctx.state
  if (run == null) return
  cancelAnimationFrame(run.frame)
  document.removeEventListener("visibilitychange", run.hide)
  ctx.state.run = null
}

function tick(ctx, now) {
  const {run, view} = ctx.state
  if (run == null) return
  if (!ctx.region.isConnected) return stop(ctx)
  const last = view.length - 1
  const next = due(run, now, view.length)
  const early = ctx.calm && now - run.told < CALM && next < last
  if (next !== run.at && !early) {
    Object.assign(run, {at: next, told: now})
    ctx.set({[view.setting]: next})
    ctx.redraw()
  }
  if (run.at >= last) { stop(ctx); ctx.redraw() } else run.frame = requestAnimationFrame((then) => tick(ctx, then))
}

// Only for what has the focus: Space plays, the arrows step; a slider keeps its own arrows.
function keydown(event, {at, last, go, play}) {
  const {key, target} = event
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || target.closest("[role=radiogroup]")) return
  const slider = target.localName === "input"
  if (key === " " && !slider) return   // a button is pressed by it
  const to = slider ? null : {ArrowLeft: at - 1, ArrowRight: at + 1, ArrowDown: at - 1, ArrowUp: at + 1, Home: 0, End: last}[key]
  if (key !== " " && to == null) return
  event.preventDefault()
  if (key === " ") play()
  else go(to)
}
