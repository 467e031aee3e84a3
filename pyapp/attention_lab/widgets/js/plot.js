// Puts a figure's own element where its block wants it, draws it once, and dresses it in the colours of the theme.
import {css, token} from "./colours.js"

const FORCED = matchMedia("(forced-colors: active)")

export function placePlot(ctx, at = 0) {
  const plot = ctx.plots[at]
  const place = ctx.region.querySelector(".plot")
  if (plot == null || place == null) return
  dress(plot.model, ctx.region)
  if (plot.el.parentElement === place) return
  place.replaceChildren()
  plot.render_to(place)
  plot.r_after_render()
  leaveTabOrder(plot)
}

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
    for (const name of ["fill_color", "line_color"]) {
      const mapper = glyph.properties[name]?.get_value?.()?.transform
      if (mapper?.factors != null) change(mapper, {palette: mapper.factors.map((factor) => ink ?? css(token(factor)))})
    }
  }
}

function change(model, wanted) {
  const news = Object.entries(wanted).filter(([name, value]) => name in model.properties && JSON.stringify(model.properties[name].get_value()) !== JSON.stringify(value))
  if (news.length > 0) model.setv(Object.fromEntries(news), {sync: false})
}
