// Weights as lines between words: from each on the left to those it looks at on the right, the thicker the larger the weight.
// The line that is asked about can be dragged to another word, itself or by its end, by pointer or by keys (Enter takes it, Enter drops it).
import {html, nothing, svg} from "lit-html"
import {pickOf} from "../picking.js"
import {roomOf, stageOf} from "../stage.js"
import {t} from "../texts.js"
import {rem, type} from "../type.js"

export const {family, element, uses, render, after, leave} = stageOf((view, ctx) => {
  const {height} = roomOf(ctx)
  return html`<div class="panels of-${view.panels.length} drawn-arrows">${view.panels.map((panel, i) => arrows(panel, view, ctx, {first: i === 0, height}))}</div>`
})

const THICKEST = 20   // px, for a weight of 1
const THIN = 5        // the same, of words that are not asked about
const FAINT = 0.08    // smaller weights of the other words are not drawn
const LEAST = 0.005
const MOVED = 6       // px before a press becomes a drag
const [LOW, HIGH, LARGE] = [24, 40, 52]   // px of a row, for letters of 16 px

function arrows({title, said, matrix}, view, ctx, {first, height}) {
  const n = matrix.values.length
  const row = Math.floor(Math.max(LOW, Math.min(innerWidth / type.times >= 1680 ? LARGE : HIGH, ((height ?? n * 34 + 40) - 40) / n)))
  const {query, key, end} = current(view, ctx)
  const drag = first ? ctx.state.drag ?? null : null
  const events = first ? dragging(view, ctx, end) : {}
  return html`<figure class="arrows" dir=${matrix.cols.right_to_left ? "rtl" : "ltr"} data-arrows=${matrix.id} aria-label=${title} .style="--row:${rem(row)};--rows:${n}">
    <figcaption><bdi>${title}</bdi></figcaption>
    <p class="ends" aria-hidden="true"><span class="q"><bdi>${t("looks from")}</bdi></span><span class="k"><bdi>${t("looks at")}</bdi></span></p>
    <ol class="from" @keydown=${(event) => walk(event, "from", view, ctx, {query, key, end})}>${matrix.rows.labels.map((label, i) => html`<li>
      <button class="end ${i === query ? "query" : ""}" data-from=${i} tabindex=${i === query ? 0 : -1} aria-pressed=${i === query ? "true" : "false"}
        @click=${() => ctx.set(asking(view, i, i === key ? query : key))}><bdi>${label}</bdi></button></li>`)}</ol>
    <svg class="lines" viewBox="0 0 100 ${n}" preserveAspectRatio="none" aria-hidden="true" @pointerdown=${events.down ?? nothing}>${lines(matrix, query, end, drag, first)}</svg>
    <ol class="to" @keydown=${(event) => walk(event, "to", view, ctx, {query, key, end})} @pointerdown=${events.down ?? nothing}>${matrix.cols.labels.map((label, i) => to(label, i, matrix, {query, key, end, drag}, view, ctx))}</ol>
    <p class="vh">${said}</p>
  </figure>`
}

function to(label, i, matrix, {query, key, end, drag}, view, ctx) {
  const weight = matrix.values[query][i]
  const beside = i !== end && (i === view.beside || i === key)
  const marks = [i === end ? "key" : "", beside ? "against" : "", drag?.over === i ? "over" : ""].join(" ")
  return html`<li><button class="end ${marks}" data-to=${i} data-value=${weight} tabindex=${i === end ? 0 : -1} aria-pressed=${i === end ? "true" : "false"}
    @click=${() => { if (!ctx.state.dragged) ctx.set(asking(view, query, i)) }}>
    <bdi>${label}</bdi><span class="vh">${t(", weight")} </span><span class="bar"><i .style="width:${weight * 100}%"></i></span><span class="weight">${matrix.text[query][i]}</span></button></li>`
}

// No line stands for a weight that is written as 0.00. What can be taken hold of is wider than what is seen.
function lines(matrix, query, end, drag, first) {
  const weight = matrix.values[query][end]
  const others = matrix.values.flatMap((row, r) => r === query ? [] : row.map((each, c) => each >= FAINT ? line(r, c, each, "other") : nothing))
  const own = matrix.values[query].map((each, c) => each >= LEAST && c !== end ? line(query, c, each, "own") : nothing)
  if (weight < LEAST && drag == null) return [...others, ...own]
  const asked = line(query, end, weight, `asked ${drag == null ? "" : "held"}`)
  return [...others, ...own, asked, drag == null ? nothing : line(query, drag.over, weight, "moving"), first ? line(query, end, 1, "grip") : nothing]
}

function line(from, to, weight, name) {
  const [y1, y2] = [from + 0.5, to + 0.5]
  return svg`<path class=${name} d="M0 ${y1} C45 ${y1} 55 ${y2} 100 ${y2}" stroke-width=${Math.max(1, weight * (name === "other" ? THIN : THICKEST))} vector-effect="non-scaling-stroke"></path>`
}

// What picking a row and a column sets.
const asking = (view, row, col) => pickOf(view.pick, view.panels[0].matrix, {row, col})

// The rows asked about: those just chosen, even before Python has answered. The line ends at the key, or where it was dragged.
function current({pick, query, key, end}, {values}) {
  const place = (names, word, known) => word != null && names.includes(word) ? names.indexOf(word) : known
  const [from, to] = values[pick.setting] ?? []
  const [row, col] = [place(pick.rows, from, query), place(pick.cols, to, key)]
  return {query: row, key: col, end: row === query && col === key ? end ?? key : col}
}

// Gives the weight of one word to another: the change that the drag stands for.
function move(view, ctx, over) {
  const change = view.move[over]
  if (change == null) return
  ctx.set(change)
  ctx.say(t("The weight is moved"))
}

// The word under the pointer; between the lists, that at its height.
function wordAt({clientX, clientY}, figure, known) {
  const under = document.elementFromPoint(clientX, clientY)?.closest("[data-to]")
  if (under != null) return Number(under.dataset.to)
  const box = figure.querySelector(".lines").getBoundingClientRect()
  const n = figure.querySelectorAll("[data-to]").length
  const row = Math.floor((clientY - box.top) / box.height * n)
  return clientX < box.left || clientX > box.right || row < 0 || row >= n ? known : row
}

function dragging(view, ctx, end) {
  return {
    down(event) {
      const held = event.target.closest("[data-to], .grip")
      if (held == null || event.button !== 0) return
      if (held.dataset.to != null && Number(held.dataset.to) !== end) return   // a press on another word picks it
      if (held.dataset.to == null) event.preventDefault()   // nothing is selected on the way
      const figure = held.closest("figure")
      const over = (moved) => wordAt(moved, figure, end)
      const start = [event.clientX, event.clientY]
      ctx.state.dragged = false
      const follow = (moved) => {
        if (!ctx.state.dragged && Math.hypot(moved.clientX - start[0], moved.clientY - start[1]) < MOVED) return
        ctx.state.dragged = true
        hold(ctx, over(moved))
      }
      const finish = (ended) => {
        removeEventListener("pointermove", follow)
        removeEventListener("pointerup", finish)
        removeEventListener("pointercancel", finish)
        if (!ctx.state.dragged) return
        if (ended.type === "pointerup") move(view, ctx, over(ended))
        setTimeout(() => { ctx.state.dragged = false })   // after the click that ends the drag
        hold(ctx, null)
      }
      addEventListener("pointermove", follow)
      addEventListener("pointerup", finish)
      addEventListener("pointercancel", finish)
    },
  }
}

function hold(ctx, over) {
  if ((ctx.state.drag?.over ?? null) === over) return
  ctx.state.drag = over == null ? null : {over}
  ctx.redraw()
}

const STEPS = {ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity}

function walk(event, side, view, ctx, {query, key, end}) {
  const button = event.target.closest("[data-from], [data-to]")
  if (button == null || event.altKey || event.ctrlKey || event.metaKey) return
  const at = Number(button.dataset[side])
  const {drag} = ctx.state
  const figure = button.closest("figure")
  const focus = (where, i) => figure.querySelector(`[data-${where}="${i}"]`)?.focus()
  const n = view.panels[0].matrix.values.length
  const taking = side === "to" && figure.dataset.arrows === view.panels[0].matrix.id
  if (event.key in STEPS) {
    const from = drag == null ? at : drag.over
    const next = Math.max(0, Math.min(n - 1, from + STEPS[event.key]))
    if (drag != null) {
      hold(ctx, next)
      ctx.say(view.panels[0].matrix.cols.labels[next])
    } else {
      focus(side, next)
      ctx.set(side === "from" ? asking(view, next, next === key ? query : key) : asking(view, query, next))
    }
  } else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
    const back = (event.key === "ArrowLeft") !== (figure.dir === "rtl")
    if (drag == null) focus(back ? "from" : "to", back ? query : end)
  } else if (taking && (event.key === "Enter" || event.key === " ") && drag == null && at === end) {
    hold(ctx, end)
    ctx.say(t("Taken: the arrows choose a word, Enter gives it the weight, Escape leaves it"))
  } else if (drag != null && (event.key === "Enter" || event.key === " ")) {
    move(view, ctx, drag.over)
    hold(ctx, null)
  } else if (drag != null && event.key === "Escape") {
    hold(ctx, null)
    ctx.say(t("Left as it was"))
  } else if (taking && event.key === "Delete") {
    if (view.cut != null) ctx.set(view.cut)
  } else if (event.key === "Escape") {
    document.querySelector("[data-region=transport] [aria-current=step]")?.focus()
  } else {
    return
  }
  event.preventDefault()
}
