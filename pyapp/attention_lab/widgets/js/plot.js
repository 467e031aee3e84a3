// A Bokeh figure in its place inside a block.
import {css, token} from "./colours.js"

// Puts the figure's own element where the map wants it, and draws it once.
export function placePlot(ctx) {
  const plot = ctx.plots[0]
  const place = ctx.region.querySelector(".plot")
  if (plot == null || place == null) return
  dress(plot.model)
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

// A figure knows no CSS: its labels get the theme's colour from here, without telling Python.
function dress(figure) {
  for (const axis of [...figure.above, ...figure.below, ...figure.left, ...figure.right]) {
    if ("major_label_text_color" in axis) axis.setv({major_label_text_color: css(token("ink-2"))}, {sync: false})
  }
}
