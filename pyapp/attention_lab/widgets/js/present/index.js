// Presenting (?present=1): a lab in front of a class. Keys or a clicker go through it, answers wait until they are asked for, hands are
// counted, any block fills the window, and a spot is moved by the arrow keys. How it looks from the back row: css/present.css.
import {html, render} from "lit-html"
import {icon} from "../icons.js"
import {options} from "../options.js"
import {Hands} from "./hands.js"
import {later, placed, t} from "../texts.js"
import {type} from "../type.js"
import {Spot} from "./spot.js"

const WIDE = 1200   // CSS px that the window is wide for letters of 16 px, whatever it is: so much larger is everything
const LOW = 640     // and at least so high
const TYPING = "input, textarea, select, [contenteditable]"
const OWN_ARROWS = `${TYPING}, [role=grid], [role=radiogroup], .linked-row, .cards, [data-scrolls]`

const ASKED = new Set()   // predictions whose answer was asked for

export class Present {
  full = null         // the region that fills the window

  constructor(screen) {
    Object.assign(this, {screen, ctx: screen.ctx})
    this.hands = new Hands(this)
    this.spot = new Spot()
    this.el = Object.assign(document.createElement("nav"), {className: "presenting"})
    this.el.setAttribute("aria-label", t("Presenting"))
    this.keydown = (event) => this.onKey(event)
    this.veil = Object.assign(document.createElement("p"), {className: "veil"})
    render(placed(t("Hidden until you ask for it: {key} or {other}"), {key: html`<kbd>A</kbd>`, other: html`<kbd>${t("PageDown")}</kbd>`}), this.veil)
    this.resized = () => { this.enlarge(); screen.redraw() }
    document.documentElement.toggleAttribute("data-present", true)
    document.addEventListener("keydown", this.keydown, true)
    addEventListener("resize", this.resized)
    this.enlarge()
  }

  enlarge() {
    this.zoom = Math.max(1, Math.min(innerWidth / (WIDE * type.times), innerHeight / (LOW * type.times)))
    document.documentElement.style.setProperty("--zoom", String(this.zoom))
  }

  // The prediction whose answer this step shows by itself, until it is asked for.
  get veiled() {
    const view = this.ctx.view("predict")
    return view != null && view.open && !ASKED.has(this.name(view))
  }

  // A prediction, among those of all labs.
  name({key}) {
    return `${this.screen.model.lab} ${key}`
  }

  // What can fill the window, in the order on the screen.
  get blocks() {
    return this.screen.regionViews.filter(({el, view, model, name}) => view != null && !el.hidden && el.children.length > 0 && name !== "foot" && /^(look|check)-|^(predict|lesson)$/.test(model.kind))
  }

  onKey(event) {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return
    const within = (selector) => event.target instanceof Element && event.target.closest(selector) != null
    const {key} = event
    const act = key === "PageDown" ? () => this.next() : key === "PageUp" ? () => this.back()
      : this.spot.takes(event) && !within(TYPING) ? () => this.spot.move(event)
      : within(TYPING) ? null
      : /^[1-9]$/.test(key) ? () => this.fill(this.blocks[Number(key) - 1])
      : {a: () => this.answer(), ".": () => this.answer(), b: () => this.answer(), f: () => this.fill(this.full ?? this.under()), l: () => this.point(), Escape: this.full != null || this.spot.on ? () => this.leave() : null,
         ArrowRight: within(OWN_ARROWS) ? null : () => this.next(), ArrowLeft: within(OWN_ARROWS) ? null : () => this.back()}[key.length === 1 ? key.toLowerCase() : key]
    if (act == null) return
    event.preventDefault()
    event.stopPropagation()
    act()
  }

  // First what is hidden, then the next step: a clicker has one button for both.
  next() {
    if (this.veiled) return this.answer()
    this.step(1)
  }

  back() {
    this.step(-1)
  }

  step(by) {
    if (options.locked.has("step")) return
    const {steps} = this.ctx.view("transport")
    const to = steps[steps.findIndex(({id}) => id === this.ctx.values.step) + by]
    if (to == null) return this.ctx.say(by > 0 ? t("This is the last step") : t("This is the first step"))
    this.ctx.go(to.id)
  }

  // Shows the answer, or hides it again.
  answer() {
    const view = this.ctx.view("predict")
    if (view == null) return this.ctx.say(t("This step asks nothing"))
    const {revealed} = this.ctx.values
    const others = revealed.filter((key) => key !== view.key)
    if (!view.open) this.ctx.set({revealed: [...others, view.key]})
    if (view.open && !this.veiled) {
      ASKED.delete(this.name(view))
      if (view.can_hide) this.ctx.set({revealed: others})
    } else {
      ASKED.add(this.name(view))
    }
    this.screen.region("predict").invalidate()
  }

  // The block that has the focus, else the first picture.
  under() {
    const {blocks} = this
    return blocks.find(({el}) => el.contains(document.activeElement)) ?? blocks.find(({model}) => model.kind.startsWith("look-"))
  }

  // A block fills the window; asked for again, it goes back to its place.
  fill(region) {
    if (region == null) return
    this.full = region === this.full ? null : region
    this.draw()
    this.ctx.say(this.full == null ? t("All blocks") : t("{block} alone", {block: nameOf(region)}))
    this.screen.redraw()
  }

  point() {
    this.spot.toggle()
    this.ctx.say(this.spot.on ? t("Pointer on: the arrow keys move it") : t("Pointer off"))
    this.draw()
  }

  leave() {
    if (this.spot.on) return this.point()
    this.fill(this.full)
  }

  // Once whatever changes with it has been drawn.
  changed() {
    if (this.waiting) return
    this.waiting = true
    queueMicrotask(() => { this.waiting = false; this.draw() })
  }

  draw() {
    const {blocks, ctx, screen} = this
    if (this.full != null && !blocks.includes(this.full)) this.full = null
    for (const {el} of screen.regionViews) el.toggleAttribute("data-full", el === this.full?.el)
    if (this.full == null) delete screen.el.dataset.filled
    else screen.el.dataset.filled = columnOf(this.full.model.kind)
    screen.el.toggleAttribute("data-veiled", this.veiled)
    const {steps = []} = ctx.view("transport") ?? {}
    const at = steps.findIndex(({id}) => id === ctx.values.step)
    const asks = ctx.view("predict")
    const shown = asks?.open && !this.veiled
    render(html`<button data-present="back" aria-label=${t("Step back")} aria-disabled=${at <= 0 ? "true" : "false"} @click=${() => this.back()}>${icon("back")}</button>
      <button data-present="next" aria-label=${this.veiled ? t("Show what is hidden") : t("Step forward")} @click=${() => this.next()}>${icon("forward")}</button>
      <span class="present-at">${at + 1} / ${steps.length}</span>
      <span class="present-blocks" role="group" aria-label=${t("One block alone")}>${blocks.slice(0, 9).map((region, i) => html`<button data-block=${i + 1} aria-pressed=${region === this.full ? "true" : "false"} @click=${() => this.fill(region)}><kbd>${i + 1}</kbd> <span>${nameOf(region)}</span></button>`)}</span>
      ${asks == null ? "" : html`<button data-present="answer" aria-pressed=${shown ? "true" : "false"} @click=${() => this.answer()}><kbd>A</kbd> ${shown ? t("Hide the answer") : t("Show the answer")}</button>`}
      <button data-present="spot" aria-pressed=${this.spot.on ? "true" : "false"} @click=${() => this.point()}><kbd>L</kbd> ${t("Pointer")}</button>
      <details class="menu present-keys"><summary>${t("Keys")}</summary><dl class="pop right">${KEYS.map(([keys, what]) => html`<div><dt>${t(keys)}</dt><dd>${t(what)}</dd></div>`)}</dl></details>`, this.el)
  }

  remove() {
    document.removeEventListener("keydown", this.keydown, true)
    removeEventListener("resize", this.resized)
    this.spot.remove()
  }
}

const KEYS = [
  [later("PageDown, →"), later("on: first what is hidden, then the next step")],
  [later("PageUp, ←"), later("back")],
  [later("A, B or ."), later("show the answer, hide it")],
  [later("1 to 9"), later("one block alone; again: all")],
  ["F", later("the block with the focus alone")],
  ["L", later("pointer; the arrow keys move it, with Shift faster")],
  [later("Esc"), later("leave the pointer, then the block")],
]

const columnOf = (kind) => kind.startsWith("look") ? "look" : kind.startsWith("check") ? "check" : "read"

function nameOf({el}) {
  const {region} = el.dataset
  const title = region === "code" ? "" : el.querySelector("h1, h2")?.textContent.trim()   // that of code is where it stands
  return title || el.getAttribute("aria-label") || region[0].toUpperCase() + region.slice(1)
}
