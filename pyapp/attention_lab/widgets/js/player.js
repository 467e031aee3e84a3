// Plays the steps one after another. Inside a step the result fills in, cell by cell, with what each cell is made of lit.

const CALM = matchMedia("(prefers-reduced-motion: reduce)")
const SWEEP = 2600   // ms for the result of one step
const HOLD = 1600    // ms to look at it afterwards
const STILL = 3200   // ms a step stays when nothing moves

export class Player {
  playing = false
  shown = null       // the step on the stage
  timer = null

  constructor(root, ctx, linked, changed) {
    Object.assign(this, {root, ctx, linked, changed})
  }

  get steps() {
    return this.ctx.view("transport")?.steps.map(({id}) => id) ?? []
  }

  go(step) {
    if (step !== this.ctx.values.step) this.ctx.set({step})
  }

  toggle() {
    if (this.playing) return this.stop()
    this.playing = true
    this.changed()
    if (this.ctx.values.step === this.steps.at(-1)) this.go(this.steps[0])
    else this.begin()
  }

  stop() {
    this.playing = false
    this.rest()
    this.changed()
  }

  rest() {
    clearTimeout(this.timer)
    cancelAnimationFrame(this.frame)
    for (const cell of this.root.querySelectorAll("[data-coming]")) delete cell.dataset.coming
    this.linked.sweep(null)
  }

  stepChanged() {
    this.rest()
  }

  stageDrawn(step) {
    if (step === this.shown) return
    this.shown = step
    if (this.playing && step === this.ctx.values.step) this.begin()
  }

  begin() {
    this.rest()
    const grids = [...this.root.querySelectorAll(".canvas .matrix.result")]
    if (CALM.matches || grids.length === 0) return this.after(STILL)
    const cells = grids.map((figure) => [...figure.querySelectorAll(".cell")])
    cells.flat().forEach((cell) => { cell.dataset.coming = "" })
    const start = performance.now()
    let at = -1
    const tick = (now) => {
      const share = Math.max(0, (now - start) / SWEEP)   // a frame may be of a moment before the start
      const next = Math.min(cells[0].length, Math.floor(share * cells[0].length))
      if (next !== at) {
        at = next
        for (const list of cells) list.slice(0, at + 1).forEach((cell) => { delete cell.dataset.coming })
        this.linked.sweep(cells[0][at]?.isConnected ? cellOf(cells[0][at]) : null)   // a shorter sentence takes cells away
      }
      if (at < cells[0].length) this.frame = requestAnimationFrame(tick)
      else this.after(HOLD)
    }
    this.frame = requestAnimationFrame(tick)
  }

  after(delay) {
    this.timer = setTimeout(() => {
      const next = this.steps[this.steps.indexOf(this.ctx.values.step) + 1]
      if (next == null) this.stop()
      else this.go(next)
    }, delay)
  }

  remove() {
    this.rest()
  }
}

export function cellOf(el) {
  const [row, col] = el.dataset.cell.split(",").map(Number)
  return {matrix: el.closest("[data-matrix]").dataset.matrix, row, col}
}
