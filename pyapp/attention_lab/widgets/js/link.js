// The link that reproduces the state. Python writes it; the page reads it once on opening and keeps the address bar in step.
import {options} from "./options.js"

export class Link {
  constructor(learner) {
    this.learner = learner
    this.hashChanged = () => { if (options.fixed.size === 0) this.take(location.hash.slice(1)) }
    addEventListener("hashchange", this.hashChanged)
  }

  open() {
    this.take(location.hash.slice(1) || location.search.slice(1))
  }

  take(link) {
    if (link !== "" && link !== this.learner.link) this.learner.link = link
  }

  show() {
    const {link} = this.learner
    if (link === "" || link === location.hash.slice(1)) return
    try { history.replaceState(history.state, "", `#${link}`) } catch { /* an opaque origin has no address of its own */ }
  }

  get address() {
    return location.href.replace(/#.*$/, "") + (this.learner.link === "" ? "" : `#${this.learner.link}`)
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
    removeEventListener("hashchange", this.hashChanged)
  }
}
