// All heads side by side, each a small map of its weights; veiled while a prediction about them is open.
import {html, nothing} from "lit-html"
import {ref} from "lit-html/directives/ref.js"
import {cividis, css, token} from "../colours.js"

export const element = {tag: "section", "aria-label": "Heads"}
export const uses = ["head"]

export function render(view, ctx) {
  const chosen = view.heads.some(({index}) => index === ctx.learner.head) ? ctx.learner.head : view.heads.find(({current}) => current)?.index
  return html`<h2>${view.title}</h2><div class="heads" .style="--across:${Math.min(4, Math.max(2, view.heads.length))}">${view.heads.map((head) => html`
    <button class="head" data-head=${head.index} aria-pressed=${head.index === chosen ? "true" : "false"} @click=${() => ctx.set({head: head.index})}>
      <span class="mini ${view.veiled ? "veiled" : ""}">${view.veiled ? html`<span aria-hidden="true">?</span>` : html`<canvas ${ref((canvas) => { if (canvas != null) paint(canvas, head.values, ctx) })} aria-hidden="true"></canvas>
        <b class="pointer" .style="top:${(view.query + 0.5) / Math.max(1, head.values.length) * 100}%"></b>`}</span>
      <span>${head.label}</span><span class="vh">${view.veiled ? "hidden until you have guessed" : head.caption}</span></button>`)}</div>
    ${view.veiled ? html`<p class="note">Shown once you have guessed or skipped.</p>` : nothing}`
}

const SIDE = 120   // CSS px of the drawing; the stylesheet scales it

function paint(canvas, values, ctx) {
  const scale = Math.max(1, Math.round(devicePixelRatio * 1.5))
  const step = SIDE * scale / values.length
  const gap = values.length > 16 ? 0 : scale
  canvas.width = canvas.height = SIDE * scale
  const pen = canvas.getContext("2d")
  values.forEach((row, r) => row.forEach((weight, c) => {
    const box = [Math.round(c * step), Math.round(r * step), Math.ceil(step) - gap, Math.ceil(step) - gap]
    pen.fillStyle = weight == null ? css(token("surface")) : css(cividis(weight))
    pen.fillRect(...box)
    if (weight == null) stripe(pen, box, scale)
  }))
}

function stripe(pen, [x, y, width, height], scale) {
  pen.save()
  pen.beginPath()
  pen.rect(x, y, width, height)
  pen.clip()
  pen.strokeStyle = css(token("edge"))
  pen.lineWidth = scale * 0.75
  pen.beginPath()
  for (let at = -height; at < width; at += 4 * scale) { pen.moveTo(x + at, y + height); pen.lineTo(x + at + height, y) }
  pen.stroke()
  pen.restore()
}
