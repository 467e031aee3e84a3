// Linked highlighting, by matrix, row and column ids alone: what a cell is made of is framed, the part of the formula and the
// line of code it belongs to light up, and its labels and token chips stand out. It happens in the page, at once.
import {html, render} from "lit-html"
import {matricesOf} from "./matrices.js"
import {pickedIn} from "./picking.js"

export class Linked {
  hovered = null
  swept = null

  constructor(root, ctx) {
    this.root = root
    this.ctx = ctx
  }

  hover(cell) {
    if (same(cell, this.hovered)) return
    this.hovered = cell
    const follows = this.ctx.view("arithmetic")?.follows   // else nobody asks for the cell under the pointer
    if (follows && (this.ctx.alive || cell == null)) this.ctx.set({[follows]: cell})
    this.relight()
  }

  sweep(cell) {
    this.swept = cell
    this.relight()
  }

  relight() {
    const stage = this.ctx.view("stage")
    if (stage == null) return
    const matrices = matricesOf(stage)
    if (!holds(matrices, this.hovered)) this.hovered = null   // another step or sentence: Python has cleared it too
    const pinned = pinnedCell(stage, this.ctx.values)
    const cell = this.swept ?? this.hovered ?? pinned
    const matrix = holds(matrices, cell) ? matrices.find(({id}) => id === cell.matrix) : null
    const sources = matrix == null ? [] : matrix.sources.map((source) => ({...source, rows: span(source.row, cell), cols: span(source.col, cell)}))
    for (const overlay of this.root.querySelectorAll(".bands")) {
      const {id, values} = matrices.find(({id}) => id === overlay.dataset.of) ?? {}
      if (id != null) render(sources.filter((source) => source.matrix === id).map((source) => band(source, values)), overlay)
    }
    const lit = this.swept ?? this.hovered ?? pickedIn(stage, this.ctx.values)
    for (const el of this.root.querySelectorAll("[data-matrices]")) {
      el.toggleAttribute("data-touched", lit != null && el.dataset.matrices.split(" ").includes(lit.matrix))
    }
    this.lightLabels(matrix, cell)
  }

  lightLabels(matrix, cell) {
    const along = matrix == null ? {} : {[matrix.cols.axis]: cell.col, [matrix.rows.axis]: cell.row}
    for (const label of this.root.querySelectorAll("[data-axis]")) {
      label.toggleAttribute("data-lit", along[label.dataset.axis] === Number(label.dataset.index))
    }
    for (const chip of this.root.querySelectorAll("[data-chip]")) {
      chip.toggleAttribute("data-asks", (along.query ?? along.token) === Number(chip.dataset.index))
    }
  }
}

// The cell whose arithmetic is shown while nothing is hovered: the one just picked, even before Python has answered.
export function pinnedCell(stage, values) {
  const matrices = matricesOf(stage)
  const picked = pickedIn(stage, values)
  if (picked != null && matrices.some(({id}) => id === picked.matrix)) return picked
  const holder = matrices.find(({current}) => current != null)
  return holder == null ? null : {matrix: holder.id, row: holder.current[0], col: holder.current[1]}
}

const holds = (matrices, cell) => cell != null && matrices.some(({id, values}) => id === cell.matrix && cell.row < values.length && cell.col < values[0].length)

function span(where, {row, col}) {
  if (where === "row") return row
  if (where === "col") return col
  return Array.isArray(where) ? where[row] : null   // null: all of them
}

function band({rows, cols, role}, values) {
  const [row, height] = rows == null ? [0, values.length] : [rows, 1]
  const [col, width] = cols == null ? [0, values[0].length] : [cols, 1]
  return html`<i class="band ${role ?? ""}" .style="--row:${row};--height:${height};--col:${col};--width:${width}"></i>`
}

function same(a, b) {
  return a === b || (a != null && b != null && a.matrix === b.matrix && a.row === b.row && a.col === b.col)
}
