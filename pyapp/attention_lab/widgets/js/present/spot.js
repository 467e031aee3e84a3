// A red spot over everything, moved by the arrow keys, and by the mouse while it is on.

const STEP = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]}
const SHARE = 0.02   // of the window's height that one press goes; with Shift five times as far

export class Spot {
  on = false
  at = [0.5, 0.5]   // parts of the window

  constructor() {
    this.el = Object.assign(document.createElement("div"), {className: "spot", hidden: true})
    this.el.setAttribute("aria-hidden", "true")
    this.mouse = ({clientX, clientY}) => this.place([clientX / innerWidth, clientY / innerHeight])
    document.body.append(this.el)
  }

  takes({key}) {
    return this.on && key in STEP
  }

  toggle() {
    this.on = !this.on
    this.el.hidden = !this.on
    if (this.on) addEventListener("pointermove", this.mouse)
    else removeEventListener("pointermove", this.mouse)
    this.place(this.at)
  }

  move({key, shiftKey}) {
    const far = innerHeight * SHARE * (shiftKey ? 5 : 1)
    const [x, y] = STEP[key]
    this.place([this.at[0] + x * far / innerWidth, this.at[1] + y * far / innerHeight])
  }

  place(at) {
    this.at = at.map((part) => Math.max(0, Math.min(1, part)))
    this.el.style.left = `${this.at[0] * 100}%`
    this.el.style.top = `${this.at[1] * 100}%`
  }

  remove() {
    removeEventListener("pointermove", this.mouse)
    this.el.remove()
  }
}
