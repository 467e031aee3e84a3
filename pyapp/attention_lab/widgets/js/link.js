// The link that reproduces the state. Python writes it; the page reads it on opening and whenever the address is changed by hand or
// by Back and Forward, and keeps the address bar in step: another lab or step is a new entry of the history, anything else is not.
import {allowed} from "./locked.js"

let followed = false   // the address, by the first drawing

export class Link {
  constructor(house) {
    this.house = house
    this.changed = () => { this.coming = this.entry = null; this.take(allowed(this.house, location.hash.slice(1))) }
    if (house.address) addEventListener("hashchange", this.changed)
  }

  acted = false   // whether the learner has changed anything

  open() {
    if (!this.house.address) return   // that of a notebook
    if (followed) return this.show()   // a drawing that comes after a restart holds what the learner did since
    followed = true
    const behind = location.hash.slice(1)
    this.take((behind && allowed(this.house, behind)) || location.search.slice(1))
    this.opened = location.hash.slice(1) || this.house.link
  }

  take(link) {
    if (link !== "" && link !== this.house.link) this.house.link = link
  }

  show() {
    const {address, link} = this.house
    const before = this.coming ?? location.hash.slice(1)
    const place = (text) => { const fields = new URLSearchParams(text); return `${fields.get("lab")}/${fields.get("step") ?? ""}` }
    const from = this.shown ?? (this.acted ? this.opened : null)   // else Python mends the address that the page was opened with
    const other = from != null && place(link) !== place(from)
    this.shown = link
    if (!address || link === "" || link === before) return   // Back and Forward have been there already
    if (!other) return this.write(link)
    this.written()   // the entry that is left has its own address first
    this.entry = {behind: before === "" ? from : ""}   // where Back leads to
    this.write(link)
  }

  coming = null   // what the address is about to become, unless it has been changed by hand meanwhile
  entry = null    // where it becomes a new entry of the history: the address that the one before is to have, or ""

  // The numbers come first: writing the address takes as long as some of them, and of many in a row the last is enough.
  write(link) {
    if (this.coming == null) {
      this.over = location.hash
      setTimeout(() => this.written())
    }
    this.coming = link
  }

  written() {
    const {coming, entry} = this
    this.coming = this.entry = null
    if (coming == null || location.hash !== this.over) return
    if (entry?.behind) this.put("replaceState", entry.behind)
    this.put(entry == null ? "replaceState" : "pushState", coming)
  }

  put(how, link) {
    try {
      history[how](history.state, "", `#${link}`)
    } catch { /* an opaque origin has no address of its own */ }
  }

  get address() {
    return location.href.replace(/#.*$/, "") + (this.house.link === "" ? "" : this.state)
  }

  // What stands behind the address of the page, wherever that is.
  get state() {
    return `#${this.house.link}`
  }

  get isOfDisk() {
    return location.protocol === "file:"
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
