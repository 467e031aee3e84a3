// One region of the screen: draws its view with the renderer of its place or of its block, into the page itself (no shadow root).
import {DOMElementView} from "@bokehjs/core/dom_view"
import {build_view} from "@bokehjs/core/build_views"
import {nothing, render} from "lit-html"
import {BLOCKS} from "./blocks/index.js"
import {keepFocus} from "./focus.js"
import * as controls from "./frame/controls.js"
import * as formula from "./frame/formula.js"
import * as header from "./frame/header.js"
import * as lesson from "./frame/lesson.js"
import * as predict from "./frame/predict.js"
import * as sentence from "./frame/sentence.js"
import * as transport from "./frame/transport.js"
import {calmly} from "./plot.js"
import {t} from "./texts.js"

const GUESTS = "kernel-status"
const FRAME = {header, formula, lesson, predict, controls, sentence, transport}

// A renderer exports element (attributes, and for the frame the tag), render(view, ctx), and where it needs them: uses(view) (settings
// that redraw it at once), after(view, ctx) (once the DOM is up to date), leave(ctx) (something else comes in its place).
const rendererOf = (kind, view) => FRAME[kind] ?? BLOCKS[view?.block] ?? null

export class RegionView extends DOMElementView {
  static __name__ = "RegionView"
  plotViews = []
  shown = false
  renderer = null

  initialize() {
    super.initialize()
    this.ctx = Object.assign(Object.create(this.parent.ctx), {region: this.el, state: {}, plots: this.plotViews, redraw: () => this.invalidate()})
    this.readView()
  }

  // What it shows, for styles and for whoever looks for it.
  get name() {
    return this.el.dataset.region
  }

  // On a phone it comes after what is needed first.
  get later() {
    return this.renderer?.later?.(this.view) ?? false
  }

  async lazy_initialize() {
    await super.lazy_initialize()
    await this.buildPlots()
  }

  async buildPlots() {
    const there = new Map(this.plotViews.map((view) => [view.model, view]))
    const views = await Promise.all(this.model.plots.map((plot) => there.get(plot) ?? build_view(plot, {parent: this}).then(calmly)))
    for (const view of this.plotViews.splice(0, Infinity, ...views)) if (!views.includes(view)) view.remove()
  }

  children_views() {
    return this.plotViews
  }

  connect_signals() {
    super.connect_signals()
    const {view, plots} = this.model.properties
    this.connect(view.change, () => { this.readView(); this.invalidate() })
    this.connect(plots.change, () => this.buildPlots().then(() => this.invalidate()))
  }

  settingChanged(name) {
    if (this.view != null && this.renderer?.uses?.(this.view)?.includes(name)) this.invalidate()
  }

  readView() {
    this.view = JSON.parse(this.model.view)
    const next = rendererOf(this.model.kind, this.view)
    if (next === this.renderer) return this.dress()
    this.renderer?.leave?.(this.ctx)
    if (this.renderer?.family !== next?.family || next?.family == null) Object.keys(this.ctx.state).forEach((key) => delete this.ctx.state[key])
    this.renderer = next
    this.dress()
  }

  // The element says what it holds; its tag is that of its place.
  dress() {
    const {tag, region, ...attributes} = this.renderer?.element ?? {}
    this.el.dataset.region = (typeof region === "function" ? region(this.view) : region) ?? this.view?.block?.toLowerCase() ?? this.model.kind
    if (this.model.kind in FRAME) this.el.dataset.region = this.model.kind
    const label = (attributes["aria-label"] && t(attributes["aria-label"])) ?? this.view?.label ?? this.view?.heading
    for (const [name, value] of Object.entries({...attributes, "aria-label": label})) {
      if (typeof value === "string" && value !== "") this.el.setAttribute(name, value)
      else this.el.removeAttribute(name)
    }
  }

  invalidate() {
    this.parent.draw(this)
  }

  render() {
    this.draw()
    this.settle()
  }

  draw() {
    const {view, ctx, renderer} = this
    const shown = view != null && renderer != null && (renderer.shown?.(view, ctx) ?? true)
    this.el.hidden = !shown
    keepFocus(this.el, () => {
      const guests = this.el.querySelector("font") == null ? [] : this.clear()
      render(shown ? renderer.render(view, ctx) : nothing, this.el)
      if (guests.length > 0) document.getElementById(GUESTS)?.append(...guests)
    })
    this.shown = shown
  }

  // What is measured on the screen waits until all that a patch has changed is drawn: the browser lays it out once.
  settle() {
    if (!this.shown) return
    this.renderer.after?.(this.view, this.ctx)
    this.parent.regionDrawn(this)
  }

  // A translation puts elements of its own in the place of texts, and what is written into those is not seen: all is drawn anew.
  // What the page itself has put into its place stays.
  clear() {
    const guests = [...this.el.querySelectorAll(`#${GUESTS} > *`)]
    render(nothing, this.el)
    return guests
  }

  // The figures are drawn when and where the block places them, not with the rest of the screen.
  r_after_render() {
    this.after_render()
    this._was_built = true
  }

  remove() {
    this.renderer?.leave?.(this.ctx)
    this.plotViews.forEach((view) => view.remove())
    super.remove()
  }

  _create_element() {
    const {tag = "section"} = FRAME[this.model.kind]?.element ?? {}
    const el = document.createElement(tag)
    el.dataset.slot = this.model.kind
    el.dataset.region = this.model.kind
    el.tabIndex = -1
    return el
  }
}
