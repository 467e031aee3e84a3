// A chart: the figure, hidden from screen readers, under a legend that names each series with its range; its numbers beside it.
import {html, nothing, svg} from "lit-html"
import {framed} from "./frame.js"
import {tablesOf} from "./twin.js"

const DASHES = [[], [7, 4], [2, 3], [9, 3, 2, 3]]   // as in widgets/charts/figure.py

export function chart(view, ctx, twins) {
  return framed(view, ctx, () => html`<div class="chart">
      <ul class="series-list" role="list">${view.series.map((each) => html`<li>${swatch(each)}<bdi>${each.name}</bdi>${each.range ? html` <span class="dim">${each.range}</span>` : nothing}</li>`)}</ul>
      <div class="plot" aria-hidden="true"></div>
      <details class="twin-of-map" ?open=${ctx.state.twinOpen} @toggle=${(event) => { if (event.target.open !== Boolean(ctx.state.twinOpen)) { ctx.state.twinOpen = event.target.open; ctx.redraw() } }}>
        <summary>${view.words.table}</summary>${ctx.state.twinOpen ? tablesOf(twins, view.label) : nothing}</details>
    </div>`, twins)
}

function swatch({place, tint}) {
  return html`<svg class="series-swatch" data-series=${tint || place % DASHES.length + 1} viewBox="0 0 28 10" aria-hidden="true">${
    svg`<line x1="1" x2="27" y1="5" y2="5" stroke-dasharray=${DASHES[dashOf(place)].join(" ")}></line>`}</svg>`
}

// The second round of colours has other dashes, so that no two of eight look alike.
const dashOf = (place) => (place + Math.floor(place / DASHES.length)) % DASHES.length
