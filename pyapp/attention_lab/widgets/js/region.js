// One region of the screen: draws its view model with the renderer of its kind, into the page itself (no shadow root).
import {DOMElementView} from "@bokehjs/core/dom_view"
import {build_view} from "@bokehjs/core/build_views"
import {nothing, render} from "lit-html"
import {keepFocus} from "./focus.js"
import * as arithmetic from "./regions/arithmetic.js"
import * as code from "./regions/code.js"
import * as controls from "./regions/controls.js"
import * as foot from "./regions/foot.js"
import * as formula from "./regions/formula.js"
import * as header from "./regions/header.js"
import * as heads from "./regions/heads.js"
import * as maps from "./regions/maps.js"
import * as models from "./regions/models.js"
import * as lesson from "./regions/lesson.js"
import * as predict from "./regions/predict.js"
import * as sentence from "./regions/sentence.js"
import * as stage from "./regions/stage.js"
import * as test from "./regions/test.js"
import * as transport from "./regions/transport.js"

// A renderer exports element (tag and attributes), render(view, ctx), and where it needs them: uses (learner properties that
// redraw it), after(view, ctx) (once the DOM is up to date), leave(ctx) (the screen is taken down).
const RENDERERS = {header, formula, lesson, predict, controls, sentence, models, stage, foot, test, heads, maps, arithmetic, code, transport}

export class RegionView extends DOMElementView {
  static __name__ = "RegionView"
  plotViews = []
  queued = false

  initialize() {
    super.initialize()
    this.renderer = RENDERERS[this.model.kind]
    this.ctx = Object.assign(Object.create(this.parent.ctx), {region: this.el, state: {}, plots: this.plotViews, redraw: () => this.invalidate()})
    this.readView()
  }

  async lazy_initialize() {
    await super.lazy_initialize()
    await this.buildPlots()
  }

  async buildPlots() {
    const gone = this.plotViews.splice(0)
    this.plotViews.push(...await Promise.all(this.model.plots.map((plot) => build_view(plot, {parent: this}))))
    gone.forEach((view) => view.remove())
  }

  children_views() {
    return this.plotViews
  }

  connect_signals() {
    super.connect_signals()
    const {view, plots} = this.model.properties
    this.connect(view.change, () => { this.readView(); this.invalidate() })
    this.connect(plots.change, () => this.buildPlots().then(() => this.invalidate()))
    const {learner} = this.ctx
    for (const name of this.renderer.uses ?? []) this.connect(learner.properties[name].change, () => this.invalidate())
  }

  readView() {
    this.view = JSON.parse(this.model.view)
  }

  // Several changes of one patch draw once, before the next paint.
  invalidate() {
    if (this.queued) return
    this.queued = true
    queueMicrotask(() => { this.queued = false; if (!this.is_destroyed) this.render() })
  }

  render() {
    const {view, ctx, renderer} = this
    this.el.hidden = view == null
    keepFocus(this.el, () => render(view == null ? nothing : renderer.render(view, ctx), this.el))
    if (view == null) return
    renderer.after?.(view, ctx)
    this.parent.regionDrawn(this)
  }

  // The figures are drawn when and where the stage places them, not with the rest of the screen.
  r_after_render() {
    this.after_render()
    this._was_built = true
  }

  remove() {
    this.renderer.leave?.(this.ctx)
    this.plotViews.forEach((view) => view.remove())
    super.remove()
  }

  _create_element() {
    const {tag, ...attributes} = RENDERERS[this.model.kind].element
    const el = document.createElement(tag)
    el.dataset.region = this.model.kind
    el.tabIndex = -1
    for (const [name, value] of Object.entries(attributes)) el.setAttribute(name, value)
    return el
  }
}
