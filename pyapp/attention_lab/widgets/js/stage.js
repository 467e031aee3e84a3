// What blocks of matrices have in common: the canvas that they stand on, sized to the room, with its pointer and keys.
import {html, nothing} from "lit-html"
import {gridEvents} from "./gridkeys.js"
import {pinnedCell} from "./linked.js"
import {chosenPair, matricesOf} from "./matrices.js"
import {mark} from "./more.js"
import {paper, SHEET} from "./paper.js"
import {segments} from "./segments.js"
import {tables} from "./table.js"
import {later, t} from "./texts.js"
import {SMALLEST, type} from "./type.js"

const EDGE = 6   // px, for letters of 16 px, beside the matrices, for the ring of an outer cell

const MARK = 20   // px, for letters of 16 px, for the mark that there is more above

// The renderer of a block whose matrices `draw` lays out.
export function stageOf(draw, {placed = () => {}} = {}) {
  return {
    family: "stage",
    element: {region: "stage", "aria-label": later("Stage")},
    uses: (view) => ["table", view.pick?.setting, ...matricesOf(view).map(({toggles}) => toggles)].filter((name) => name != null),
    render(view, ctx) {
      const {over, leave, click, focus, keydown} = gridEvents(view, ctx)
      const asTable = ctx.table && view.tables.length
      ctx.state.measuring = !asTable && !paper.on && ctx.region.isConnected && ctx.state.observed == null && ctx.region.firstElementChild == null
      const body = asTable ? tables(view) : ctx.state.measuring ? nothing : draw(view, ctx)
      return html`<div class="canvas is-${ctx.table ? "table" : view.block.toLowerCase()}" data-scrolls @scroll=${marked} @pointerover=${over} @pointerleave=${leave} @click=${click} @focusin=${focus} @keydown=${keydown}>${body}</div>`
    },
    after(view, ctx) {
      if (ctx.state.measuring) return measure(ctx)
      const canvas = ctx.region.firstElementChild
      watchRoom(canvas, ctx)
      placed(view, ctx)
      scrollWhereNeeded(canvas)
      if (ctx.state.step !== view.step) arrive(view, ctx, canvas)
      const shape = matricesOf(view).map(({id, rows, cols}) => `${id} ${rows.labels.length} ${cols.labels.length}`).join()
      if (ctx.state.shape !== shape) Object.assign(ctx.state, {shape, unseen: true})
      if (ctx.state.unseen && ctx.state.width > 0) showResult(ctx, canvas)
      mark(canvas)
    },
    leave(ctx) {
      ctx.state.observer?.disconnect()
      ctx.state.observed = null
    },
  }
}

const marked = {handleEvent: ({currentTarget}) => mark(currentTarget), passive: true}

// The canvas of a screen that opens is empty at first: with the room known that there is, the matrices are drawn once.
function measure(ctx) {
  const {width, height} = roomOf(ctx)
  Object.assign(ctx.state, {width, height})
  ctx.redraw()
}

// What does not fit scrolls inside the stage, never the page sideways; and then the keyboard must reach it.
function scrollWhereNeeded(canvas) {
  const boxes = [...canvas.children].map((child) => child.getBoundingClientRect())
  const width = Math.max(0, ...boxes.map((box) => box.width))
  const height = boxes.reduce((sum, box) => sum + box.height, 0)
  const scrolls = width > canvas.clientWidth - 2 * EDGE * type.times + 1 || (isFramed(canvas) && height > canvas.clientHeight + 1)
  canvas.classList.toggle("scrolls", scrolls)
  for (const [name, value] of Object.entries({tabindex: "0", role: "group", "aria-label": t("Matrices of this step, scrollable")})) {
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

// Where the stage scrolls, it opens with the result in view: of a large one its names and the picked cell.
function showResult(ctx, canvas) {
  ctx.state.unseen = false
  canvas.scrollTo(0, 0)
  const cell = canvas.querySelector(".result .cell.current") ?? canvas.querySelector(".result .cell")
  if (cell == null || !canvas.classList.contains("scrolls")) return
  const [room, box, whole] = [canvas, cell, cell.closest(".matrix")].map((el) => el.getBoundingClientRect())
  const [right, bottom] = [room.left + canvas.clientWidth, room.top + canvas.clientHeight]
  const dx = whole.width < room.width ? whole.right + 4 - right : box.right + 60 - right
  const names = canvas.classList.contains("is-flow") ? whole.top - MARK * type.times - room.top : 0   // a product stays beside its factors
  const dy = whole.height < room.height ? whole.bottom + 4 - bottom : Math.max(names, box.bottom + 40 - bottom)
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

// On a wide screen the canvas has a height of its own, whatever is in it; on a narrow one the page grows. In px for letters of 16 px.
export function roomOf(ctx) {
  if (paper.on) return {width: SHEET / type.times, height: null, small: false, large: false, letters: SMALLEST.desk}
  const canvas = ctx.region.firstElementChild
  const width = (canvas?.clientWidth || 720) / type.times - 2 * EDGE
  const height = ctx.phone ? null : canvas != null && isFramed(canvas) ? canvas.clientHeight / type.times : ctx.embedded ? 430 : Math.max(430, innerHeight / type.times - 330)
  return {width, height, small: ctx.small, large: innerWidth / type.times >= 1680, letters: ctx.present == null ? SMALLEST.desk : SMALLEST.class}
}

const isFramed = (canvas) => getComputedStyle(canvas).getPropertyValue("--framed").trim() === "1"

export function gridOptions(m, view, ctx) {
  const pinned = pinnedCell(view, ctx.values)
  const current = pinned?.matrix === m.id ? [pinned.row, pinned.col] : null
  const stop = current ?? ctx.state.stops?.[m.id] ?? [0, 0]
  const inside = stop[0] < m.values.length && stop[1] < m.values[0].length
  return {current, tabStop: inside ? stop : [0, 0]}
}

// Picks the same cell in another matrix: the switch is only a way to pick.
export function chooser(view, ctx) {
  return segments({
    label: t("Matrix shown"), value: String(chosenPair(view, ctx.values)),
    options: view.choose.options.map(({label}, i) => ({label, value: String(i)})),
    pick: (value) => ctx.set(view.choose.options[Number(value)].set),
  })
}
