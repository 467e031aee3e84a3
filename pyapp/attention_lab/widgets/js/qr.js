// A QR code as SVG: made here, of plain elements and attributes, so that no policy minds it.
import {qrcode} from "qrcode-generator"

const SVG = "http://www.w3.org/2000/svg"
const QUIET = 4   // modules of white around it, as readers ask for
const MOST = 1200   // bytes; beyond that the modules are too small for a camera at the back of a room

const shape = (name, attributes) => {
  const element = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
  return element
}

// The SVG element of a text; null for one that is too long to be read off a screen.
export function qr(text, label) {
  const bytes = unescaped(text)
  if (bytes.length > MOST) return null
  const code = qrcode(0, "M")
  code.addData(bytes, "Byte")
  code.make()
  const n = code.getModuleCount()
  const squares = []
  for (let row = 0; row < n; row++)
    for (let col = 0; col < n; col++) if (code.isDark(row, col)) squares.push(`M${col + QUIET} ${row + QUIET}h1v1h-1z`)
  const side = n + 2 * QUIET
  const svg = shape("svg", {viewBox: `0 0 ${side} ${side}`, class: "qr", role: "img", "aria-label": label, "shape-rendering": "crispEdges"})
  svg.append(shape("rect", {width: side, height: side, fill: "#fff"}), shape("path", {d: squares.join(""), fill: "#000"}))
  return svg
}

// The bytes of its UTF-8, one character each, as the encoder takes them.
const unescaped = (text) => String.fromCharCode(...new TextEncoder().encode(text))
