// A head's weights as a picture the size of a stamp, in cividis on 0..1; what is masked is striped.
import {cividis, css, token} from "./colours.js"

export function paint(canvas, values, side) {
  const scale = Math.max(1, Math.round(devicePixelRatio * 1.5))
  const step = side * scale / values.length
  const gap = values.length > 16 || side < 60 ? 0 : scale
  canvas.width = canvas.height = side * scale
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
