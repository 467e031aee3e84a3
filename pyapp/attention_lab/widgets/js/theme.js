// Light or dark: the system's choice, followed live, until the learner or an embedding page chooses. The choice is kept where storage is allowed.
import {options} from "./options.js"
import {paper} from "./paper.js"

const SYSTEM = matchMedia("(prefers-color-scheme: dark)")
const KEY = "attention-lab-theme"

export class Theme {
  constructor(changed) {
    this.changed = changed
    this.chosen = options.theme ?? stored()
    this.follow = () => { if (this.chosen == null) this.apply() }
    SYSTEM.addEventListener("change", this.follow)
    this.apply()
  }

  get current() {
    return this.chosen ?? (SYSTEM.matches ? "dark" : "light")
  }

  get other() {
    return this.current === "dark" ? "light" : "dark"
  }

  toggle() {
    this.chosen = this.other
    try { localStorage.setItem(KEY, this.chosen) } catch { /* an LMS frame may forbid storage; the choice lasts for this visit */ }
    this.apply()
  }

  apply() {
    document.documentElement.dataset.theme = paper.on ? "light" : this.current
    this.changed()
  }

  remove() {
    SYSTEM.removeEventListener("change", this.follow)
  }
}

function stored() {
  try {
    const value = localStorage.getItem(KEY)
    return value === "light" || value === "dark" ? value : null
  } catch {
    return null
  }
}
