// The stage: the matrices of this step, what goes in and what comes out, sized to the room.
import {html, nothing} from "lit-html"
import {arrows} from "../arrows.js"
import {matrix} from "../grid.js"
import {gridEvents} from "../gridkeys.js"
import {pinnedCell} from "../linked.js"
import {maths} from "../maths.js"
import {segments} from "../segments.js"
import {flowPlan, productPlan, singlePlan} from "../sizes.js"
import {tables} from "../table.js"
import {chosenPair, matricesOf} from "../views.js"
import {map, placePlot} from "./map.js"

export const element = {tag: "section", "aria-label": "Stage"}
export const uses = ["picked", "asked", "drawn"]

const EDGE = 6   // px beside the matrices, for the ring of an outer cell

export function render(view, ctx) {
  const {over, leave, click, focus, keydown} = gridEvents(view, ctx)
  const body = view.table && view.tables.length ? tables(view) : LAYOUTS[view.layout](view, ctx)
  return html`<div class="canvas is-${view.table ? "table" : view.layout}" data-scrolls @pointerover=${over} @pointerleave=${leave} @click=${click} @focusin=${focus} @keydown=${keydown}>${body}</div>`
}

const LAYOUTS = {map: picture, product, flow, panels: drawPanels, nothing: nothingToShow}

export function after(view, ctx) {
  const canvas = ctx.region.firstElementChild
  watchRoom(canvas, ctx)
  placePlot(view, ctx)
  scrollWhereNeeded(canvas)
  if (ctx.state.step !== view.step) arrive(view, ctx, canvas)
  if (ctx.state.unseen && ctx.state.width > 0) showResult(ctx, canvas)
}

export function leave(ctx) {
  ctx.state.observer?.disconnect()
}

// What does not fit scrolls inside the stage, never the page sideways; and then the keyboard must reach it.
function scrollWhereNeeded(canvas) {
  const boxes = [...canvas.children].map((child) => child.getBoundingClientRect())
  const width = Math.max(0, ...boxes.map((box) => box.width))
  const height = boxes.reduce((sum, box) => sum + box.height, 0)
  const scrolls = width > canvas.clientWidth - 2 * EDGE + 1 || (isFramed(canvas) && height > canvas.clientHeight + 1)
  canvas.classList.toggle("scrolls", scrolls)
  for (const [name, value] of Object.entries({tabindex: "0", role: "group", "aria-label": "Matrices of this step, scrollable"})) {
    scrolls ? canvas.setAttribute(name, value) : canvas.removeAttribute(name)
  }
}

// A new step arrives with a short movement of its result; the one that the screen opens with is just there.
function arrive(view, ctx, canvas) {
  const opening = ctx.state.step == null
  Object.assign(ctx.state, {step: view.step, stops: {}, unseen: true})
  canvas.classList.remove("enter")
  if (!opening) requestAnimationFrame(() => canvas.classList.add("enter"))
}

// Where the stage scrolls, it opens with the picked cell of the result in view.
function showResult(ctx, canvas) {
  ctx.state.unseen = false
  canvas.scrollTo(0, 0)
  const cell = canvas.querySelector(".result .cell.current")
  if (cell == null || !canvas.classList.contains("scrolls")) return
  const [room, box, whole] = [canvas, cell, cell.closest(".matrix")].map((el) => el.getBoundingClientRect())
  const dx = whole.width < room.width ? whole.right + 4 - room.right : box.right + 60 - room.right
  const dy = whole.height < room.height ? whole.bottom + 4 - room.bottom : box.bottom + 40 - room.bottom
  canvas.scrollTo(Math.max(0, dx), Math.max(0, dy))
}

function watchRoom(canvas, ctx) {
  if (ctx.state.observed === canvas) return
  ctx.state.observer?.disconnect()
  ctx.state.observed = canvas
  ctx.state.observer = new ResizeObserver(() => {
    const {width, height} = roomOf(ctx)
    if (width === ctx.state.width && height === ctx.state.height) return
    Object.assign(ctx.state, {width, height})
    ctx.redraw()
  })
  ctx.state.observer.observe(canvas)
}

// On a wide screen the canvas has a height of its own, whatever is in it; on a narrow one the page grows.
function roomOf(ctx) {
  const canvas = ctx.region.firstElementChild
  const width = (canvas?.clientWidth || 720) - 2 * EDGE
  const height = ctx.phone ? null : canvas != null && isFramed(canvas) ? canvas.clientHeight : ctx.embedded ? 430 : Math.max(430, innerHeight - 330)
  return {width, height, small: ctx.small, large: innerWidth >= 1680}
}

const isFramed = (canvas) => getComputedStyle(canvas).getPropertyValue("--framed").trim() === "1"

function options(m, view, ctx) {
  const pinned = pinnedCell(matricesOf(view), ctx.learner)
  const current = pinned?.matrix === m.id ? [pinned.row, pinned.col] : null
  const stop = current ?? ctx.state.stops?.[m.id] ?? [0, 0]
  const inside = stop[0] < m.values.length && stop[1] < m.values[0].length
  return {current, tabStop: inside ? stop : [0, 0], small: ctx.small}
}

function flow(view, ctx) {
  const plan = flowPlan(view, roomOf(ctx))
  const draw = (m, where, own) => matrix(m, {where, plan: own, ...options(m, view, ctx)})
  const joined = view.inputs.flatMap((m, i) => [i > 0 && view.plus ? html`<span class="plus" aria-hidden="true">+</span>` : nothing, draw(m, "input", plan.inputs[i])])
  const style = `--w:${plan.w}px;--cols:${view.result.cols.labels.length};--lab:${plan.lab}px;--side:${plan.side}px`
  return html`<div class="flow ${view.inputs.length > 1 ? "two" : "one"} ${plan.stacked ? "stacked" : ""}" .style=${style}>
    <div class="inputs">${joined}</div>
    <p class="op"><span aria-hidden="true">↓</span> ${maths(view.op, ctx)}</p>
    ${draw(view.result, "result", plan.result)}
  </div>`
}

function product(view, ctx) {
  const room = roomOf(ctx)
  let shown = view
  let plan = productPlan(view, room)
  const choosing = view.choose != null && (ctx.small || !plan.fits)
  if (choosing) {
    const at = chosenPair(view, ctx.learner)
    shown = {...view, top: [view.top[at]], results: [view.results[at]]}
    plan = productPlan(shown, room)
  }
  const draw = (m, where, own) => matrix(m, {where, plan: own, ...options(m, view, ctx)})
  return html`${choosing ? chooser(view, ctx) : nothing}
    <div class="product" .style="--between:${plan.gaps.between}px;--next:${plan.gaps.next}px;--lines:${plan.gaps.rows}px;--w:${plan.w}px">
      <div class="corner-space">${bars(view.bars)}</div>
      <div class="row">${shown.top.map((m, i) => draw(m, "source top", plan.top[i]))}</div>
      ${draw(view.left, "source left", plan.left)}
      <div class="row">${shown.results.map((m, i) => draw(m, "result", plan.results[i]))}</div>
    </div>`
}

// Trained models: one head, or one beside the mean, as arrows between words or as a map.
function drawPanels(view, ctx) {
  const room = roomOf(ctx)
  const share = ctx.small ? room.width : (room.width - 24 * (view.panels.length - 1)) / view.panels.length
  return html`<div class="panels of-${view.panels.length} drawn-${view.drawn}">${view.panels.map((panel, i) => view.drawn === "map"
    ? matrix(panel.matrix, {where: "result", plan: singlePlan(panel.matrix, {...room, width: share}), ...options(panel.matrix, view, ctx)})
    : arrows(panel, view, ctx, {first: i === 0, height: room.height}))}</div>`
}

function nothingToShow(view) {
  return html`<p class="nothing">${view.text}</p>`
}

function picture(view, ctx) {
  return html`${view.choose == null ? nothing : chooser(view, ctx)}${map(view, ctx)}`
}

// Picks the same cell in another matrix: the switch is only a way to pick.
function chooser(view, ctx) {
  const {query, feature} = ctx.learner
  return segments({
    label: "Matrix shown", value: String(chosenPair(view, ctx.learner)),
    options: view.choose.options.map(({label}, i) => ({label, value: String(i)})),
    pick: (value) => ctx.set({picked: {matrix: view.choose.options[Number(value)].matrix, row: query, col: feature}}),
  })
}

function bars(view) {
  if (view == null) return nothing
  return html`<div class="bar-chart" aria-hidden="true" .style="--cols:${view.heights.length}"><p>${maths(view.label)}</p>
    <div>${view.heights.map((share) => html`<i .style="height:${share * 100}%"></i>`)}</div></div>`
}
