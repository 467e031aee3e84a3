// More rows than cells can be read for: the matrix is a Bokeh figure, hidden from screen readers, with its table twin beside it.
import {html, nothing} from "lit-html"
import {maths} from "../maths.js"
import {placePlot} from "../plot.js"
import {chooser, stageOf} from "../stage.js"
import {table} from "../table.js"
import {t} from "../texts.js"

export const {family, element, uses, render, after, leave} = stageOf((view, ctx) => html`${view.choose == null ? nothing : chooser(view, ctx)}<div class="map">
    ${view.caption?.length ? html`<p class="map-caption">${maths(view.caption, ctx)}</p>` : nothing}
    <div class="plot" aria-hidden="true"></div>
    ${view.note ? html`<p class="note">${view.note}</p>` : nothing}
    <details class="twin-of-map" @toggle=${(event) => { ctx.state.twinOpen = event.target.open; ctx.redraw() }}><summary>${t("Table of these numbers")}</summary>${ctx.state.twinOpen ? table(view.matrix) : nothing}</details>
  </div>`, {placed: (view, ctx) => placePlot(ctx, view)})
