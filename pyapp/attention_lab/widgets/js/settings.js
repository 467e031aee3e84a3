// The settings of a lab as the page has them: values to read, changes to make, locks to respect. No setting is named here.
import {options} from "./options.js"

export class Settings {
  constructor(models) {
    this.models = new Map(models.map((model) => [model.key, model]))
    this.values = new Proxy({}, {
      get: (_, name) => this.models.get(name)?.value,
      has: (_, name) => this.models.has(name),
    })
  }

  // The changes that the learner may make are made.
  set(changes) {
    for (const [name, value] of Object.entries(changes)) {
      const model = this.models.get(name)
      if (model != null && !this.fixed(name)) model.value = value
    }
  }

  // Whether the address holds a setting still.
  fixed(name) {
    return options.locked.has(this.models.get(name)?.lock)
  }
}
