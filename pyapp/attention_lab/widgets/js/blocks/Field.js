// A square of cells to paint on, with pointer or keys. What is painted is the value of a setting: rows of numbers.
import {html, nothing} from "lit-html"
import {chosenOf} from "../choice.js"
import {framed} from "../frame.js"
import {rove} from "../rove.js"
import {segments} from "../segments.js"

export const element = {tag: "section"}
export const uses = ({setting}) => [setting]

export function render(view, ctx) {
  return framed(view, ctx, () => picture(view, ctx), twins(view, ctx))
}

export const twins = ({label, value}) => [{caption: label, columns: ["", ...value.map((_, c) => String(c + 1))], rows: value.map((row, r) => [r + 1, ...row])}]

// What is painted now, before Python has answered; Python's own where the page has no square of that size.
function paintedOf(view, ctx) {
  const own = ctx.values[view.setting]
  const n = view.value.length
  return Array.isArray(own) && own.length === n && own.every((row) => row?.length === n) ? own : view.value
}

function picture(view, ctx) {
  const {state} = ctx
  const {words, levels} = view
  const cells = paintedOf(view, ctx)
  const n = cells.length
  const full = levels.at(-1).value
  const fixed = ctx.fixed(view.setting)
  const brush = state.brush ?? full
  const stop = Math.min(state.stop ?? 0, n * n - 1)
  const events = painting(view, ctx, brush)
  const chosen = chosenOf(view.drawings.map(({set}) => set), ctx.values)
  return html`<div class="field-block">
    <div class="field" role="grid" aria-label=${view.label} aria-describedby="field-help-${view.setting}" aria-readonly=${fixed ? "true" : "false"} .style="--n:${n}"
      @pointerdown=${events.down} @pointermove=${events.move} @keydown=${events.keydown}>
      ${cells.map((row, r) => html`<div role="row">${row.map((value, c) => html`<span role="gridcell" class="field-cell" data-spot=${r * n + c} data-value=${value} tabindex=${r * n + c === stop ? "0" : "-1"}
        aria-label="${words.row} ${r + 1}, ${words.column} ${c + 1}: ${value}" .style="--level:${full > 0 ? value / full : 0}" @focus=${() => { state.stop = r * n + c }}></span>`)}</div>`)}
    </div>
    <div class="field-tools">
      ${levels.length > 2 ? html`<div class="item"><span>${words.brush}</span>${segments({label: words.brush, value: brush, options: levels, pick: (value) => { state.brush = value; ctx.redraw() }})}</div>` : nothing}
      <div class="picks" role="group" aria-label=${view.label}>${view.drawings.map(({label, set}, i) => html`<button data-action="drawing-${i}" aria-pressed=${i === chosen ? "true" : "false"} ?disabled=${fixed} @click=${() => ctx.set(set)}>${label}</button>`)}
        <button data-action="clear" ?disabled=${fixed} @click=${() => ctx.set(view.clear)}>${words.clear}</button></div>
      <p class="note" id="field-help-${view.setting}">${words.help}</p>
    </div></div>`
}

function painting(view, ctx, brush) {
  const {state} = ctx
  const nothingThere = view.levels[0].value
  const paint = (at, value) => {
    const cells = paintedOf(view, ctx)
    const n = cells.length
    const [r, c] = [Math.floor(at / n), at % n]
    if (ctx.fixed(view.setting) || cells[r][c] === value) return
    ctx.set({[view.setting]: cells.map((row, i) => i === r ? row.map((old, j) => j === c ? value : old) : row)})
    ctx.redraw()
  }
  const valueAt = (at) => paintedOf(view, ctx).flat()[at]
  const spotAt = (el) => { const cell = el?.closest?.(".field-cell"); return cell == null || !ctx.region.contains(cell) ? null : Number(cell.dataset.spot) }
  return {
    // A stroke that starts on what the brush would paint takes it away.
    down(event) {
      const at = spotAt(event.target)
      if (at == null || event.button !== 0) return
      event.preventDefault()
      event.target.closest(".field-cell").focus()
      state.stroke = valueAt(at) === brush ? nothingThere : brush
      event.target.releasePointerCapture?.(event.pointerId)
      const end = () => { state.stroke = null; removeEventListener("pointerup", end); removeEventListener("pointercancel", end) }
      addEventListener("pointerup", end)
      addEventListener("pointercancel", end)
      paint(at, state.stroke)
    },
    move(event) {
      if (state.stroke == null || event.buttons === 0) return
      const at = spotAt(document.elementFromPoint(event.clientX, event.clientY))
      if (at != null) paint(at, state.stroke)
    },
    keydown(event) {
      const n = view.value.length
      const at = spotAt(event.target)
      if (at != null && (event.key === " " || event.key === "Enter")) {
        event.preventDefault()
        return paint(at, valueAt(at) === brush ? nothingThere : brush)
      }
      rove(event, (key, from) => {
        const [r, c] = [Math.floor(from / n), from % n]
        const to = {ArrowRight: [r, c + 1], ArrowLeft: [r, c - 1], ArrowDown: [r + 1, c], ArrowUp: [r - 1, c], Home: [r, 0], End: [r, n - 1]}[key]
        return to == null ? null : Math.max(0, Math.min(n - 1, to[0])) * n + Math.max(0, Math.min(n - 1, to[1]))
      }, () => {})
    },
  }
}
