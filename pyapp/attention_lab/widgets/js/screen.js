// The screen of a lab: places the regions, and holds what belongs to no single one of them.
import {DOMElementView} from "@bokehjs/core/dom_view"
import {build_view} from "@bokehjs/core/build_views"
import {early as earlyControls} from "./frame/controls.js"
import {Keyboard} from "./keyboard.js"
import {Linked} from "./linked.js"
import {More} from "./more.js"
import {options} from "./options.js"
import {Paper, paper} from "./paper.js"
import {Player} from "./player.js"
import {Present} from "./present/index.js"
import {Settings} from "./settings.js"
import {Theme} from "./theme.js"
import {Widths} from "./widths.js"

const CALM = matchMedia("(prefers-reduced-motion: reduce)")

const NUMBER = /(^|[^\p{L}\p{N}_-])\p{N}/u   // not the 2 of a name such as GPT-2
const RELIT = ["stage", "formula", "code", "sentence"]

export class ScreenView extends DOMElementView {
  static __name__ = "ScreenView"
  regionViews = []
  waiting = new Set()   // regions to be drawn
  together = null       // while several are drawn: the names of those that have been

  initialize() {
    super.initialize()
    const house = this.parent.model
    this.settings = new Settings(this.model.settings)
    const {values} = this.settings
    const widths = this.widths = new Widths(this.el, () => this.rearrange())
    this.ctx = {
      values,
      set: (changes) => { this.parent.link.acted = true; this.settings.set(changes) },
      fixed: (name) => this.settings.fixed(name),
      visit: (lab) => { if (!options.locked.has("lab")) house.lab = lab },
      house,
      lab: this.model.lab,
      embedded: options.embedded,
      hover: (cell) => this.linked.hover(cell),
      go: (step) => this.player.go(step),
      say: (text) => { this.status.textContent = text },
      get alive() { return (document.documentElement.dataset.kernel ?? "ready") === "ready" },
      get phone() { return paper.on || widths.phone },
      get small() { return !paper.on && widths.small },
      get calm() { return CALM.matches },
      get table() { return values.table === true },
      view: (region) => this.region(region)?.view ?? null,
      pictures: () => this.regionViews.filter(({model, view, renderer}) => model.kind.startsWith("look-") && view != null && renderer != null),
    }
    this.linked = new Linked(this.el, this.ctx)
    this.theme = this.ctx.theme = new Theme(() => this.redraw())
    this.player = this.ctx.player = new Player(this.el, this.ctx, this.linked, () => this.region("transport")?.invalidate())
    this.ctx.link = this.parent.link
    this.keyboard = new Keyboard(this.ctx)
    this.present = this.ctx.present = options.presenting ? new Present(this) : null
    this.paper = new Paper(this)
    this.rearrange = () => { if (!paper.on) { this.arrange(); this.redraw() } }   // a sheet is as narrow as a phone
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
    for (const setting of this.model.settings) this.connect(setting.properties.value.change, () => this.settingChanged(setting.key))
  }

  settingChanged(name) {
    for (const region of this.regionViews) region.settingChanged(name)
    if (name === "step") this.player.stepChanged()
  }

  // A region by what it shows ("stage", "heads") or by its place ("header").
  region(kind) {
    return this.regionViews.find((region) => region.name === kind && region.view != null) ?? this.regionViews.find((region) => region.model.kind === kind)
  }

  redraw() {
    for (const region of this.regionViews) region.invalidate()
  }

  render() {
    this.el.className = "screen"
    this.el.dataset.lab = this.model.lab
    const part = (tag, className) => Object.assign(document.createElement(tag), {className})
    this.main = part("main", "columns")
    this.columns = {read: part("div", "column read"), look: part("div", "column look"), check: part("div", "column check")}
    this.pictures = part("div", "pictures")
    this.main.append(...Object.values(this.columns))
    this.status = Object.assign(part("div", "vh"), {role: "status"})
    const el = (kind) => this.region(kind)?.el ?? ""
    this.el.replaceChildren(el("header"), el("formula"), this.main, el("transport"), ...this.present == null ? [] : [this.present.veil, this.present.el], this.paper.foot, this.status)
    this.arrange()
    this.lock()
    this.drawTogether(this.regionViews)
    this.more?.remove()
    this.more = new More([this.columns.read, this.pictures, this.columns.check, ...this.regionViews.map(({el}) => el)])
  }

  // Another lab has come: it is announced, and the keyboard goes on from its heading.
  arrived() {
    const lesson = this.region("lesson")
    lesson?.el.focus({preventScroll: true})
    const {lab} = this.ctx.view("header") ?? {}
    this.announce(lesson.view, lab)
  }

  // What the address locks can be seen and not used; `settings` holds against keys and whatever else would change it.
  lock() {
    document.documentElement.dataset.lock = [...options.locked].join(" ")
    document.documentElement.toggleAttribute("data-embed", options.embedded)
    for (const kind of ["transport", "formula"]) this.still(kind, options.locked.has("step"))
  }

  still(kind, yes) {
    const el = this.region(kind)?.el
    if (el != null) el.inert = yes
  }

  // The order in the document is the order on the screen, so that focus and reading follow what is seen.
  arrange() {
    const focused = document.activeElement
    const named = (kinds) => kinds.map((kind) => this.regionViews.find((region) => region.model.kind === kind)).filter((region) => region != null)
    const slots = (stem) => this.regionViews.filter((region) => region.model.kind.startsWith(stem))
    const check = slots("check-")
    const late = this.widths.phone && !earlyControls(this.ctx.view("controls"))
    const later = this.widths.phone ? check.filter((region) => region.later) : []
    const pieces = {
      read: named(late ? ["lesson", "predict"] : ["lesson", "predict", "controls"]),
      look: [...named(["sentence"]), {el: this.pictures}],
      check: [...check.filter((region) => !later.includes(region)), ...later, ...named(late ? ["controls"] : [])],
    }
    if (this.pictures.children.length === 0) this.pictures.append(...slots("look-").map((region) => region.el))
    for (const [column, regions] of Object.entries(pieces)) {
      const wanted = regions.map((region) => region.el)
      const there = [...this.columns[column].children]
      if (wanted.length !== there.length || wanted.some((el, i) => el !== there[i])) this.columns[column].append(...wanted)
    }
    if (focused !== document.activeElement && this.el.contains(focused)) focused.focus()
  }

  // A column that has nothing in it leaves its room to the others.
  fit() {
    for (const [name, column] of Object.entries(this.columns)) this.main.toggleAttribute(`data-no-${name}`, [...column.children].every((el) => el.hidden || el.children.length === 0))
  }

  // All that a patch has changed is drawn together, before the next paint.
  draw(region) {
    if (this.waiting.size === 0) queueMicrotask(() => this.drawWaiting())
    this.waiting.add(region)
  }

  drawWaiting() {
    const regions = [...this.waiting]
    this.waiting.clear()
    this.drawTogether(regions)
  }

  drawTogether(regions) {
    this.together = new Set()
    const each = (act) => { for (const region of regions) try { if (!region.is_destroyed) act(region) } catch (error) { queueMicrotask(() => { throw error }) } }
    each((region) => region.draw())
    this.prepare(new Set(regions.filter(({shown}) => shown).map(({name}) => name)))
    each((region) => region.settle())
    const {together} = this
    this.together = null
    this.follow(together)
  }

  regionDrawn({name, view}) {
    if (name === "lesson") this.announce(view)
    if (name === "stage") this.player.stageDrawn(view.step)
    if (this.together != null) return this.together.add(name)
    this.prepare(new Set([name]))
    this.follow(new Set([name]))
  }

  // What follows from several regions is done once: what changes how they look before the first of them looks at its room, since what
  // comes after that is laid out again.
  prepare(names) {
    if (names.size === 0) return
    if (RELIT.some((name) => names.has(name))) this.linked.relight()
    if (names.has("controls") && this.widths.phone) this.arrange()
    if (this.columns != null) this.fit()
  }

  follow(names) {
    if (names.size > 0) this.present?.changed()
  }

  // A step that has come is said with its numbers: the first picture that says one in its sentence, else the first that says anything.
  announce({eyebrow, title}, lab) {
    const words = [lab, eyebrow, title].filter(Boolean).join(", ")
    if (this.announced != null && this.announced !== words) this.ctx.say([words, this.told()].filter(Boolean).join(". "))
    this.announced = words
  }

  told() {
    const sentences = this.regionViews.filter(({model}) => /^(look|check)-/.test(model.kind)).map(({view}) => view?.alt).filter(Boolean)
    return sentences.find((said) => NUMBER.test(said)) ?? sentences[0]
  }

  remove() {
    for (const part of [this.keyboard, this.player, this.theme, this.paper, this.present, this.widths, this.more]) part?.remove()
    this.regionViews.forEach((view) => view.remove())
    super.remove()
  }
}
