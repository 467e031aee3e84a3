// Puts a figure's own element where its block wants it, draws it once, and dresses it in the colours of the theme.
import {css, token} from "./colours.js"
import {paper} from "./paper.js"
import {SMALLEST, type} from "./type.js"

const FORCED = matchMedia("(forced-colors: active)")

// A region keeps the figures that it has shown: each has the name of its block.
export function placePlot(ctx, {block}) {
  const plot = ctx.plots.find(({model}) => model.name === block)
  const place = ctx.region.querySelector(".plot")
  if (plot == null || place == null) return
  dress(plot.model, ctx.region)
  follow(plot.model, place, ctx)
  if (ctx.present != null) enlarge(plot.model, {letters: SMALLEST.class, zoom: ctx.present.zoom * type.times, thicker: THICKER})
  else if (type.times !== 1 || owns.has(plot.model)) enlarge(plot.model, {letters: OWN, zoom: type.times})
  if (plot.el.parentElement === place) return plot.layOut?.()
  if (drawn.has(plot)) {   // it follows its data and the size of its place by itself
    place.replaceChildren(plot.el)
    return plot.layOut?.()
  }
  drawn.add(plot)
  place.replaceChildren()
  plot.render_to(place)
  plot.r_after_render()
  plot.layOut?.()
  leaveTabOrder(plot)
}

// A patch changes many properties of a figure. Bokeh lays it out and paints it for some of them at once, while the others are still as
// they were: here that is done once, when all have come, and painted with the next frame.
export function calmly(plot) {
  if (plot.invalidate_layout == null) return plot   // the first drawing has none
  const now = plot.invalidate_layout.bind(plot)
  let waiting = false
  plot.layOut = () => {
    if (!waiting) return
    waiting = false
    plot.pause()
    plot.pause()   // a layout ends one of them
    now()
    while (plot.is_paused) plot.unpause()
  }
  plot.invalidate_layout = () => {
    if (paper.on) return now()
    if (!waiting) queueMicrotask(() => plot.is_destroyed || plot.layOut())
    waiting = true
  }
  return plot
}

const drawn = new WeakSet()

// What screen readers do not see the Tab key does not reach either: the table twin is there for both.
function leaveTabOrder(plot) {
  const roots = [plot.el.shadowRoot, ...[...plot.el.shadowRoot.querySelectorAll("*")].map((el) => el.shadowRoot)].filter((root) => root != null)
  for (const root of roots) for (const el of root.querySelectorAll("[tabindex]")) el.setAttribute("tabindex", "-1")
}

// A figure knows no CSS: what it is drawn with gets the theme's colours from here, without telling Python.
function dress(figure, region) {
  const ink = FORCED.matches ? getComputedStyle(region).color : null
  const quiet = ink ?? css(token("ink-2"))
  for (const axis of [...figure.above, ...figure.below, ...figure.left, ...figure.right]) {
    change(axis, {major_label_text_color: quiet, axis_label_text_color: quiet})
  }
  for (const {glyph} of figure.renderers) {
    if (glyph == null) continue
    const role = glyph.tags.find((tag) => tag === "ink" || tag === "paper")
    const colour = role === "paper" ? css(token("paper")) : ink ?? css(token("ink"))
    if (role != null) change(glyph, Object.fromEntries(["text_color", "line_color"].filter((name) => name in glyph.properties).map((name) => [name, {value: colour}])))
    if (glyph.tags.includes("over")) change(glyph, {background_fill_color: {value: ink == null ? css(token("paper")) : null}})
    for (const name of ["fill_color", "line_color"]) {
      const mapper = glyph.properties[name]?.get_value?.()?.transform
      if (mapper?.factors != null) change(mapper, {palette: mapper.factors.map((factor) => ink ?? css(token(factor)))})
    }
  }
}

const LEAST = 0.55   // of its own height, below which a figure cannot be read

// It is as high as Python says, or, where the style sheet has it so (--follows), as the room that the rest of the step leaves.
function follow(figure, place, ctx) {
  const zoom = type.times * (ctx.present?.zoom ?? 1)
  const height = own(figure, "height") * zoom
  if (!rooms.has(place)) watch.observe(place)
  rooms.set(place, () => follow(figure, place, ctx))
  place.style.setProperty("--least", `${Math.round(height * LEAST)}px`)
  const follows = getComputedStyle(place).getPropertyValue("--follows").trim() === "1" && place.clientHeight > 0
  change(figure, {height: follows ? place.clientHeight : Math.round(height)})
}

const rooms = new WeakMap()   // place -> what fits its figure into it
const watch = new ResizeObserver((entries) => {
  for (const {target} of entries) target.isConnected ? rooms.get(target)() : watch.unobserve(target)
})

const OWN = 13        // px of the letters of a figure (widgets/charts/figure.py)
const THICKER = 1.5   // lines grow more than letters

// A figure is not enlarged with the page around it, in front of a class or for a reader's larger letters: so what is in it is.
function enlarge(figure, {letters, zoom, thicker = 1}) {
  const size = `${Math.ceil(letters * zoom)}px`
  for (const axis of [...figure.above, ...figure.below, ...figure.left, ...figure.right]) change(axis, {major_label_text_font_size: size, axis_label_text_font_size: size})
  for (const {glyph} of figure.renderers) {
    if (glyph == null) continue
    if ("text_font_size" in glyph.properties) change(glyph, {text_font_size: {value: size}})
    if (own(glyph, "line_width")?.value != null) change(glyph, {line_width: {value: own(glyph, "line_width").value * zoom * thicker}})
  }
}

const owns = new WeakMap()   // model -> property -> {own, made}: what Python gave, and what was made of it here

function own(model, name) {
  if (!(name in model.properties)) return null
  if (!owns.has(model)) owns.set(model, new Map())
  const kept = owns.get(model)
  const now = model.properties[name].get_value()
  if (!kept.has(name) || JSON.stringify(kept.get(name).made) !== JSON.stringify(now)) kept.set(name, {own: now, made: null})
  return kept.get(name).own
}

function change(model, wanted) {
  const news = Object.entries(wanted).filter(([name, value]) => name in model.properties && JSON.stringify(model.properties[name].get_value()) !== JSON.stringify(value))
  for (const [name, value] of news) if (owns.get(model)?.has(name)) owns.get(model).get(name).made = value
  if (news.length > 0) model.setv(Object.fromEntries(news), {sync: false})
}
