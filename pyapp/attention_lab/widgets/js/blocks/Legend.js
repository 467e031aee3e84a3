// Under the stage: what the colours mean, one more number about the step, and the message when a step cannot be computed.
import {html, nothing} from "lit-html"
import {ramp} from "../colours.js"
import {icon} from "../icons.js"
import {maths} from "../maths.js"
import {later} from "../texts.js"

export const element = {region: "foot", "aria-label": later("Legend")}

export function render({alert, legend, extra}, ctx) {
  return html`${alert == null ? nothing : html`<div class="alert" role="alert">${icon("warning")}<p><b>${alert.title}</b> ${alert.text}</p></div>`}
    ${legend == null ? nothing : scale(legend, ctx)}
    ${extra?.length ? html`<p class="extra">${maths(extra, ctx)}</p>` : nothing}`
}

function scale(legend, ctx) {
  if (legend.kind === "mask") return html`<p class="legend"><span class="swatch pale"></span>${legend.low}<span class="swatch masked"></span>${legend.high}<span>${maths(legend.text, ctx)}</span></p>`
  if (legend.kind === "lines") return html`<p class="legend"><span>${legend.low}</span><span class="wedge"></span><span>${legend.high}</span><span>${maths(legend.text, ctx)}</span></p>`
  return html`<p class="legend"><span>${legend.low}</span><span class="ramp" .style="background:${ramp(legend)}"></span><span>${legend.high}</span><span>${maths(legend.text, ctx)}</span></p>`
}
