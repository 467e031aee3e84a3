// What pointer and keys do in the matrices of the stage: hover previews, a click or the arrows pick, Escape leaves to the steps.
import {cellOf} from "./player.js"
import {matricesOf} from "./matrices.js"
import {changeOf, pickOf} from "./picking.js"

const MOVES = {
  ArrowUp: ({row, col}) => [row - 1, col], ArrowDown: ({row, col}) => [row + 1, col], ArrowLeft: ({row, col}) => [row, col - 1],
  ArrowRight: ({row, col}) => [row, col + 1], Home: ({row}) => [row, 0], End: ({row}, last) => [row, last.col],
  "Ctrl+Home": () => [0, 0], "Ctrl+End": (_, last) => [last.row, last.col],
}

// Where columns run from the right, an arrow still goes where it points.
const MIRRORED = {ArrowLeft: "ArrowRight", ArrowRight: "ArrowLeft"}

export function gridEvents(view, ctx) {
  const matrices = matricesOf(view)
  const cellAt = (event) => event.target.closest?.(".cell[data-cell]")
  const find = ({matrix}) => matrices.find(({id}) => id === matrix)
  const pick = (cell) => { ctx.hover(null); ctx.set(pickOf(view.pick, find(cell), cell)) }
  const press = (cell) => { ctx.hover(null); ctx.set(changeOf(view, find(cell), cell, ctx.values)) }

  return {
    over(event) {
      const {clientX, clientY, pointerType} = event
      const still = ctx.state.pointer?.[0] === clientX && ctx.state.pointer[1] === clientY
      ctx.state.pointer = [clientX, clientY]
      if (pointerType === "touch" || still) return   // cells that move under a resting pointer are not hovered
      const el = cellAt(event)
      ctx.hover(el == null ? null : cellOf(el))
    },
    leave() { ctx.hover(null) },
    click(event) {
      const el = cellAt(event)
      if (el != null) press(cellOf(el))
    },
    focus(event) {
      const el = cellAt(event)
      if (el == null) return
      const {matrix, row, col} = cellOf(el)
      ctx.state.stops = {...ctx.state.stops, [matrix]: [row, col]}
    },
    keydown(event) {
      const el = cellAt(event)
      if (el == null || event.altKey || event.metaKey) return
      const cell = cellOf(el)
      const {values, cols} = find(cell)
      const key = cols.right_to_left ? MIRRORED[event.key] ?? event.key : event.key
      const move = MOVES[event.ctrlKey ? `Ctrl+${key}` : key]
      if (move != null) {
        const [row, col] = move(cell, {row: values.length - 1, col: values[0].length - 1})
        const next = el.closest(".grid").querySelector(`[data-cell="${row},${col}"]`)
        if (next != null && next !== el) { next.focus(); pick(cellOf(next)) }
      } else if (event.key === "Enter" || event.key === " ") {
        press(cell)
      } else if (event.key === "Escape") {
        document.querySelector("[data-region=transport] [aria-current=step]")?.focus()
      } else {
        return
      }
      event.preventDefault()
    },
  }
}
