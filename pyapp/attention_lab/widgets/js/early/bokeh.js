// As much of BokehJS as the screen needs to be drawn: models with properties that tell of changes, views, and the reader of a
// document. Of models that it does not know (figures) it has none: their places stay empty until BokehJS draws them.

const ANY_KIND = new Proxy({}, {get: () => () => null})   // here a property holds whatever it is given

class Signal {
  slots = new Set()

  emit() {
    for (const slot of [...this.slots]) slot()
  }
}

export class Model {
  static define(describe) {
    this.defaults = Object.entries(describe(ANY_KIND)).map(([name, [, value]]) => [name, value])
  }

  changed = () => {}   // (name, value)
  properties = {}
  #values = {}

  constructor(attributes) {
    for (const [name, value] of this.constructor.defaults) {
      this.#values[name] = name in attributes ? attributes[name] : structuredClone(value ?? null)
      this.properties[name] = {change: new Signal()}
      Object.defineProperty(this, name, {get: () => this.#values[name], set: (value) => this.setv({[name]: value})})
    }
  }

  setv(values) {
    const news = Object.entries(values).filter(([name, value]) => value !== this.#values[name])
    Object.assign(this.#values, Object.fromEntries(news))
    for (const [name, value] of news) this.changed(name, value)
    for (const [name] of news) this.properties[name].change.emit()
  }
}

export class DOMElementView {
  is_destroyed = false
  #connections = []

  constructor({model, parent}) {
    Object.assign(this, {model, parent})
  }

  initialize() {
    this.el = this._create_element()
  }

  async lazy_initialize() {}

  connect_signals() {}

  connect(signal, slot) {
    signal.slots.add(slot)
    this.#connections.push([signal, slot])
  }

  remove() {
    for (const [signal, slot] of this.#connections) signal.slots.delete(slot)
    this.el.remove()
    this.is_destroyed = true
  }

  _create_element() {
    return document.createElement("div")
  }
}

export async function build_view(model, options) {
  const view = new model.default_view({model, ...options})
  view.initialize()
  await view.lazy_initialize()
  view.connect_signals()
  return view
}

// Values as Bokeh writes them -> what they stand for; `kinds`: name -> class of the models that there are.
export function modelsOf(written, kinds) {
  const known = new Map()   // id -> model
  const UNKNOWN = Symbol("a model of another kind")
  const entries = (value) => Object.entries(value).map(([name, each]) => [name, read(each)])
  function read(value) {
    if (Array.isArray(value)) return value.map(read).filter((each) => each !== UNKNOWN)
    if (value === null || typeof value !== "object") return value
    if (value.type === "map") return Object.fromEntries((value.entries ?? []).map((pair) => pair.map(read)))
    if (value.type === undefined && "id" in value) return known.get(value.id) ?? UNKNOWN
    if (value.type !== "object") return UNKNOWN
    const kind = kinds[value.name.split(".").at(-1)]
    if (kind === undefined) return UNKNOWN
    const model = new kind(Object.fromEntries(entries(value.attributes ?? {})))
    known.set(value.id, model)
    return model
  }
  return read(written)
}
