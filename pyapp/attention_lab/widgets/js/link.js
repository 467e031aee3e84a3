// The link that reproduces the state. Python writes it; the page reads it on opening and whenever the address is changed by hand or
// by Back and Forward, and keeps the address bar in step: another lab or step is a new entry of the history, anything else is not.
import {options} from "./options.js"

let followed = false   // the address, by the first drawing

export class Link {
  constructor(house) {
    this.house = house
    this.changed = () => this.take(this.allowed(location.hash.slice(1)))
    if (house.address) addEventListener("hashchange", this.changed)
  }

  open() {
    if (!this.house.address) return   // that of a notebook
    if (followed) return this.show()   // a drawing that comes after a restart holds what the learner did since
    followed = true
    this.take(this.allowed(location.hash.slice(1) || location.search.slice(1)))
  }

  take(link) {
    if (link !== "" && link !== this.house.link) this.house.link = link
  }

  // What is locked is as the address before the "#" has it.
  allowed(link) {
    if (options.locked.size === 0) return link
    const [asked, given] = [new URLSearchParams(link), new URLSearchParams(location.search)]
    for (const name of new Set([...asked.keys(), ...given.keys()])) {
      if (!this.isLocked(name)) continue
      asked.delete(name)
      if (given.has(name)) asked.set(name, given.get(name))
    }
    return String(asked)
  }

  isLocked(name) {
    if (name === "lab") return options.locked.has("lab")
    const settings = this.house.screens.flatMap((screen) => screen.settings)
    return settings.some(({key, lock}) => key === name && options.locked.has(lock))
  }

  show() {
    const {address, link} = this.house
    const before = location.hash.slice(1)
    const place = (text) => { const fields = new URLSearchParams(text); return `${fields.get("lab")}/${fields.get("step") ?? ""}` }
    const other = this.shown != null && place(link) !== place(this.shown)
    this.shown = link
    if (!address || link === "" || link === before) return   // Back and Forward have been there already
    try {
      history[other ? "pushState" : "replaceState"](history.state, "", `#${link}`)
    } catch { /* an opaque origin has no address of its own */ }
  }

  get address() {
    return location.href.replace(/#.*$/, "") + (this.house.link === "" ? "" : `#${this.house.link}`)
  }

  async copy() {
    try {
      await navigator.clipboard.writeText(this.address)
      return true
    } catch {
      return false
    }
  }

  remove() {
    removeEventListener("hashchange", this.changed)
  }
}
