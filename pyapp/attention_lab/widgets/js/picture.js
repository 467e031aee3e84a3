// The pictures that are saved: a matrix as cells, or as the lines between words that the screen shows, with its name and where it is from.
import {css, fillOf, token} from "./colours.js"

const XML = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
const xml = (text) => String(text).replace(/[&<>"]/g, (character) => XML[character])

export function svg(m, title, words) {
  const [w, h, edge, names, top] = [64, 44, 24, 104, 96]
  const mirrored = m.cols.right_to_left   // as on the screen: columns from the right, names of rows at their right
  const n = m.cols.labels.length
  const [left, right] = mirrored ? [edge, names] : [names, edge]
  const width = Math.max(left + w * n + right, 480)
  const x = (c) => left + w * (mirrored ? n - 1 - c : c)
  const height = top + h * m.rows.labels.length + 48
  const ink = css(token("ink"))
  const quiet = css(token("ink-2"))
  const text = (x, y, content, {fill = ink, anchor = "middle", size = 16, weight = 400} = {}) => `<text x="${x}" y="${y}" fill="${fill}" text-anchor="${anchor}" font-size="${size}" font-weight="${weight}">${xml(content)}</text>`
  const colour = (axis) => axis === "query" ? css(token("q-ink")) : axis === "key" ? css(token("k-ink")) : ink
  const parts = [
    `<rect width="100%" height="100%" fill="${css(token("paper"))}"/>`,
    `<defs><pattern id="masked" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="${css(token("surface"))}"/><rect width="2" height="6" fill="${css(token("line"))}"/></pattern></defs>`,
    text(left, 34, title, {anchor: "start", size: 18, weight: 700}),
    text(left, 58, `${m.rows.dim} = ${m.rows.labels.length}, ${m.cols.dim} = ${m.cols.labels.length}`, {anchor: "start", size: 13, fill: quiet}),
    ...m.cols.labels.map((label, c) => text(x(c) + w / 2, top - 10, label, {fill: colour(m.cols.axis), size: 14})),
    ...m.rows.labels.map((label, r) => text(mirrored ? left + w * n + 10 : left - 10, top + h * (r + 0.5) + 5, label, {fill: colour(m.rows.axis), anchor: mirrored ? "start" : "end", size: 14})),
    ...m.values.flatMap((row, r) => row.map((value, c) => {
      const masked = m.masked?.[r]?.[c] === 1
      const fill = masked ? null : fillOf(m.fill, value)
      const box = `<rect x="${x(c) + 1}" y="${top + h * r + 1}" width="${w - 2}" height="${h - 2}" rx="3" fill="${masked ? "url(#masked)" : fill?.background ?? css(token("paper"))}" stroke="${fill == null || fill.pale ? css(token("line")) : "none"}"/>`
      return box + text(x(c) + w / 2, top + h * (r + 0.5) + 6, m.text[r][c], {fill: fill?.text ?? ink})
    })),
    text(left, height - 18, words, {anchor: "start", size: 12, fill: quiet}),
  ]
  return {width, height, text: `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Arial, sans-serif">${parts.join("")}</svg>`}
}

const [ROW, LEFT, SPAN, RIGHT] = [28, 150, 260, 230]   // px: a word, the words on the left, the lines, the words and weights on the right
const [THICKEST, THIN, FAINT, LEAST] = [20, 5, 0.08, 0.005]   // as the screen draws them

// Weights as lines: those of the word in question in its colour, the one that is asked about in another.
export function arrowsSvg(m, {query, key, end}, title, words) {
  const top = 76
  const height = top + ROW * m.rows.labels.length + 48
  const width = Math.max(LEFT + SPAN + RIGHT, 480)
  const [ink, quiet, from, to, edge] = ["ink", "ink-2", "q", "k", "edge"].map((name) => css(token(name)))
  const text = (x, y, content, {fill = ink, anchor = "start", size = 15, weight = 400} = {}) => `<text x="${x}" y="${y}" fill="${fill}" text-anchor="${anchor}" font-size="${size}" font-weight="${weight}">${xml(content)}</text>`
  const mirrored = m.cols.right_to_left
  const x = (at) => mirrored ? width - at : at
  const [towards, away] = mirrored ? ["start", "end"] : ["end", "start"]   // the side of a word at which the lines are, and the other
  const y = (i) => top + ROW * (i + 0.5)
  const line = (r, c, weight, colour, thickest, opacity) => `<path d="M${x(LEFT)} ${y(r)} C${x(LEFT + SPAN * 0.45)} ${y(r)} ${x(LEFT + SPAN * 0.55)} ${y(c)} ${x(LEFT + SPAN)} ${y(c)}" fill="none" stroke="${colour}" stroke-opacity="${opacity}" stroke-width="${Math.max(1, weight * thickest)}"/>`
  const asked = end ?? key
  const drawn = m.values.flatMap((row, r) => row.map((weight, c) => {
    if (r !== query) return weight >= FAINT ? line(r, c, weight, edge, THIN, 0.35) : ""
    if (weight < LEAST) return ""
    return c === asked ? "" : line(r, c, weight, from, THICKEST, 0.75)
  }))
  const own = m.values[query][asked]
  const parts = [
    `<rect width="100%" height="100%" fill="${css(token("paper"))}"/>`,
    text(24, 34, title, {size: 18, weight: 700}),
    text(x(LEFT - 10), 62, m.rows.dim, {fill: quiet, size: 13, anchor: towards}),
    text(x(LEFT + SPAN + 10), 62, m.cols.dim, {fill: quiet, size: 13, anchor: away}),
    ...drawn, own >= LEAST ? line(query, asked, own, to, THICKEST, 1) : "",
    ...m.rows.labels.map((label, r) => text(x(LEFT - 10), y(r) + 5, label, {anchor: towards, weight: r === query ? 700 : 400})),
    ...m.cols.labels.map((label, c) => text(x(LEFT + SPAN + 10), y(c) + 5, label, {anchor: away, weight: c === asked ? 700 : 400})),
    ...m.text[query].map((weight, c) => text(x(width - 24), y(c) + 5, weight, {anchor: towards, size: 14, fill: quiet})),
    text(24, height - 18, words, {size: 12, fill: quiet}),
  ]
  return {width, height, text: `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Arial, sans-serif">${parts.join("")}</svg>`}
}

export async function png(drawing, {width, height}) {
  const address = URL.createObjectURL(drawing)
  try {
    const image = new Image()
    image.src = address
    await image.decode()
    const canvas = Object.assign(document.createElement("canvas"), {width: width * 2, height: height * 2})
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height)
    return await new Promise((resolve) => canvas.toBlob(resolve, "image/png"))
  } finally {
    URL.revokeObjectURL(address)
  }
}
