// The house: shows the screen of the lab that the learner is in, and keeps the address in step with it.
import {build_view} from "@bokehjs/core/build_views"
import {DOMElementView} from "@bokehjs/core/dom_view"
import {Link} from "./link.js"
import {offer} from "./spoken.js"

export class HouseView extends DOMElementView {
  static __name__ = "HouseView"
  screen = null     // the view of the lab that is shown
  drawing = Promise.resolve()

  initialize() {
    super.initialize()
    this.speak()
    offer(this.model)
    this.link = new Link(this.model)
  }

  // What a host brings that is no page of ours; in a notebook, scripts speak the language of the lab that was opened last.
  speak() {
    const {scripts} = this.model
    if (scripts != null) globalThis.attentionLabTexts = scripts.texts
  }

  async lazy_initialize() {
    await super.lazy_initialize()
    this.screen = await this.make()
  }

  // The lab that the learner is in; while Python has not made it yet, the one before.
  get shown() {
    const {screens, lab} = this.model
    return screens.find((screen) => screen.lab === lab) ?? this.screen?.model ?? screens[0]
  }

  async make() {
    const view = await build_view(this.shown, {parent: this})
    return view
  }

  children_views() {
    return this.screen == null ? [] : [this.screen]
  }

  connect_signals() {
    super.connect_signals()
    const {lab, screens, link} = this.model.properties
    this.connect(lab.change, () => this.follow())
    this.connect(screens.change, () => this.follow())
    this.connect(link.change, () => this.link.show())
  }

  // Another lab takes the place of the one on the screen, one after the other however fast they are asked for.
  follow() {
    this.drawing = this.drawing.then(async () => {
      if (this.is_destroyed || this.shown === this.screen.model) return
      const old = this.screen
      const view = await this.make()
      if (this.is_destroyed) return view.remove()
      this.screen = view
      this.el.replaceChildren(view.el)
      old.remove()
      view.render()
      view.arrived()
      scrollTo(0, 0)
      dispatchEvent(new CustomEvent("attention-lab:drawn"))
    })
  }

  render() {
    this.el.className = "house"
    const {language, direction} = this.model.scripts ?? {}
    if (language != null) Object.assign(this.el, {lang: language, dir: direction})
    this.el.replaceChildren(this.screen.el)
    this.screen.render()
    this.link.open()
  }

  remove() {
    this.link.remove()
    this.screen?.remove()
    super.remove()
  }
}
