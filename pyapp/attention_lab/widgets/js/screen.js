// The whole screen: places the regions, and holds what belongs to no single one of them.
import {DOMElementView} from "@bokehjs/core/dom_view"
import {build_view} from "@bokehjs/core/build_views"
import {Keyboard} from "./keyboard.js"
import {Linked} from "./linked.js"
import {Link} from "./link.js"
import {allowed, options} from "./options.js"
import {Player} from "./player.js"
import {Theme} from "./theme.js"

const PHONE = matchMedia("(max-width: 900px)")   // one column
const SMALL = matchMedia("(max-width: 560px)")   // and short numbers

export class ScreenView extends DOMElementView {
  static __name__ = "ScreenView"
  regionViews = []

  initialize() {
    super.initialize()
    const {learner} = this.model
    this.ctx = {
      learner,
      set: (props) => learner.setv(allowed(props)),
      locked: (group) => options.locked.has(group),
      embedded: options.embedded,
      hover: (cell) => this.linked.hover(cell),
      go: (step) => this.player.go(step),
      say: (text) => { this.status.textContent = text },
      get alive() { return (document.documentElement.dataset.kernel ?? "ready") === "ready" },
      get phone() { return PHONE.matches },
      get small() { return SMALL.matches },
      view: (kind) => this.regionViews.find((region) => region.model.kind === kind)?.view ?? null,
    }
    this.linked = new Linked(this.el, this.ctx)
    this.theme = this.ctx.theme = new Theme(() => this.redraw())
    this.player = this.ctx.player = new Player(this.el, this.ctx, this.linked, () => this.region("transport")?.invalidate())
    this.link = this.ctx.link = new Link(learner)
    this.keyboard = new Keyboard(this.ctx)
    this.rearrange = () => { this.arrange(); this.redraw() }
  }

  async lazy_initialize() {
    await super.lazy_initialize()
    this.regionViews = await Promise.all(this.model.regions.map((region) => build_view(region, {parent: this})))
  }

  children_views() {
    return this.regionViews
  }

  connect_signals() {
    super.connect_signals()
    const {learner} = this.model
    this.connect(learner.properties.link.change, () => this.link.show())
    this.connect(learner.properties.step.change, () => this.player.stepChanged())
    PHONE.addEventListener("change", this.rearrange)
    SMALL.addEventListener("change", this.rearrange)
  }

  region(kind) {
    return this.regionViews.find((region) => region.model.kind === kind)
  }

  redraw() {
    for (const region of this.regionViews) region.invalidate()
  }

  render() {
    this.el.className = "screen"
    const part = (tag, className) => Object.assign(document.createElement(tag), {className})
    this.main = part("main", "columns")
    this.columns = {read: part("div", "column read"), look: part("div", "column look"), check: part("div", "column check")}
    this.main.append(...Object.values(this.columns))
    this.status = Object.assign(part("div", "vh"), {role: "status"})
    const el = (kind) => this.region(kind)?.el ?? ""
    this.el.replaceChildren(el("header"), el("formula"), this.main, el("transport"), this.status)
    this.arrange()
    this.lock()
    for (const region of this.regionViews) region.render()
    this.link.open()
  }

  // What the address locks can be seen and not used; `allowed` holds against keys and whatever else would change it.
  lock() {
    document.documentElement.dataset.lock = [...options.locked].join(" ")
    document.documentElement.toggleAttribute("data-embed", options.embedded)
    for (const kind of ["controls", "heads"]) this.still(kind, options.locked.has("settings"))
    for (const kind of ["transport", "formula"]) this.still(kind, options.locked.has("step"))
  }

  still(kind, yes) {
    const el = this.region(kind)?.el
    if (el != null) el.inert = yes
  }

  // The order in the document is the order on the screen, so that focus and reading follow what is seen.
  arrange() {
    const focused = document.activeElement
    const pieces = PHONE.matches
      ? {read: ["lesson", "predict"], look: ["sentence", "models", "stage", "foot"], check: ["test", "maps", "arithmetic", "code", "heads", "controls"]}
      : {read: ["lesson", "predict", "controls"], look: ["sentence", "models", "stage", "foot"], check: ["test", "heads", "maps", "arithmetic", "code"]}
    for (const [column, kinds] of Object.entries(pieces)) {
      this.columns[column].append(...kinds.map((kind) => this.region(kind)?.el).filter((el) => el != null))
    }
    if (focused !== document.activeElement && this.el.contains(focused)) focused.focus()
  }

  regionDrawn(region) {
    const {kind} = region.model
    if (kind === "lesson") this.announce(region.view)
    if (["stage", "formula", "code", "sentence"].includes(kind)) this.linked.relight()
    if (kind === "stage") this.player.stageDrawn(region.view.step)
  }

  announce({eyebrow, title}) {
    const words = `${eyebrow}, ${title}`
    if (this.announced != null && this.announced !== words) this.ctx.say(words)
    this.announced = words
  }

  remove() {
    PHONE.removeEventListener("change", this.rearrange)
    SMALL.removeEventListener("change", this.rearrange)
    for (const part of [this.keyboard, this.player, this.theme, this.link]) part.remove()
    this.regionViews.forEach((view) => view.remove())
    super.remove()
  }
}
