// More than 16 tokens: the matrix is a Bokeh figure, hidden from screen readers, with its table twin beside it.
import {html, nothing} from "lit-html"
import {css, token} from "../colours.js"
import {maths} from "../maths.js"
import {table} from "../table.js"

export function map(view, ctx) {
  return html`<div class="map">
    ${view.caption?.length ? html`<p class="map-caption">${maths(view.caption, ctx)}</p>` : nothing}
    <div class="plot" aria-hidden="true"></div>
    ${view.note ? html`<p class="note">${view.note}</p>` : nothing}
    <details class="twin-of-map" @toggle=${(event) => { ctx.state.twinOpen = event.target.open; ctx.redraw() }}><summary>Table of these numbers</summary>${ctx.state.twinOpen ? table(view.matrix) : nothing}</details>
  </div>`
}

// Puts the figure's own element where the map wants it, and draws it once.
export function placePlot(view, ctx) {
  const plot = ctx.plots[view.plot ?? 0]
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
