// How wide the lab is: in a page as wide as its window, in a cell of a notebook as wide as the cell, which its style sheet makes a
// container (css/cell.css; building/cell.py turns the style sheets' own questions about the window into such about the cell).

import {ems, type, watchType} from "./type.js"

const MOST = {phone: 900, small: 560}   // px, for letters of 16 px: one column; and short numbers

export class Widths {
  constructor(el, changed) {
    this.changed = changed
    this.width = null   // of the cell
    this.unwatch = watchType(() => { this.ask(); changed() })
    this.ask()
    this.observer = new ResizeObserver(([{contentRect}]) => this.measured(el, contentRect.width))
    this.observer.observe(el)
  }

  ask() {
    this.forget()
    this.window = Object.fromEntries(Object.entries(MOST).map(([name, most]) => [name, matchMedia(`(max-width: ${ems(most)})`)]))
    for (const list of Object.values(this.window)) list.addEventListener("change", this.changed)
  }

  forget() {
    for (const list of Object.values(this.window ?? {})) list.removeEventListener("change", this.changed)
  }

  get phone() { return this.is("phone") }
  get small() { return this.is("small") }

  is(name) {
    return this.width != null ? this.width <= MOST[name] * type.times : this.window[name].matches
  }

  measured(el, width) {
    if (el.parentElement == null || getComputedStyle(el.parentElement).containerType !== "inline-size") return
    const before = [this.phone, this.small].join()
    this.width = width
    if ([this.phone, this.small].join() !== before) this.changed()
  }

  remove() {
    this.observer.disconnect()
    this.unwatch()
    this.forget()
  }
}
