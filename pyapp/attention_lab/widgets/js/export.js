// Saves what a step shows: its result as a picture (PNG, SVG) or as exact numbers (CSV), and everything on the stage as JSON.
import {css, fillOf, token} from "./colours.js"
import {plain} from "./maths.js"
import {matricesOf, resultOf} from "./matrices.js"
import {exact} from "./numbers.js"

const BOM = "\ufeff"   // spreadsheets take the file for UTF-8

// What the step can be saved as.
export const kindsOf = (ctx) => resultOf(ctx.view("stage") ?? {}, ctx.values) == null ? ["CSV", "JSON"] : ["PNG", "SVG", "CSV", "JSON"]

export function exportStep(kind, ctx) {
  const m = resultOf(ctx.view("stage") ?? {}, ctx.values)
  const name = m?.id.replaceAll("_", "-") ?? ctx.values.step.replaceAll("_", "-")
  const save = (blob, ending) => download(blob, `${name}.${ending}`)
  if (kind === "CSV") return save(new Blob([BOM, m == null ? tablesOf(ctx).map(csv).join("\r\n") : csv(twinOf(m))], {type: "text/csv;charset=utf-8"}), "csv")
  if (kind === "JSON") return save(new Blob([JSON.stringify(whole(ctx), null, 1)], {type: "application/json"}), "json")
  const picture = svg(m, caption(m, ctx))
  const drawing = new Blob([picture.text], {type: "image/svg+xml"})
  if (kind === "SVG") return save(drawing, "svg")
  return png(drawing, picture).then((blob) => save(blob, "png"))
}

function caption(m, ctx) {
  const badge = ctx.view("sentence")?.badge?.label
  const head = ctx.view("heads")?.maps.find(({current}) => current)?.label
  return [ctx.view("header")?.brand, ctx.view("lesson")?.title, head, badge].filter(Boolean).join(" · ")
}

// Words in full, whatever is shown where there is little room.
const named = (axis) => axis.full ?? axis.labels

const titleOf = (m) => `${plain(m.symbol)} ${m.words}`.trim() || m.label

const twinOf = (m) => ({
  caption: titleOf(m), columns: ["", ...named(m.cols)],
  rows: m.values.map((row, r) => [named(m.rows)[r], ...row.map((value, c) => value ?? exact(m, r, c)?.replace("Infinity", "inf") ?? "")]),
})

// Every table of the stage: those of matrices, and the twins of other pictures.
const tablesOf = (ctx) => ctx.pictures().flatMap(({view, renderer}) => renderer.family === "stage" ? matricesOf(view).map(twinOf) : renderer.twins?.(view) ?? [])

const whole = (ctx) => ({
  title: caption(null, ctx), link: ctx.link.address, sentence: ctx.view("sentence")?.field?.text ?? null, provenance: ctx.view("sentence")?.badge?.label ?? null,
  tables: tablesOf(ctx).map(({caption, columns, rows}) => ({title: caption, columns: columns.slice(1), rows: rows.map(([name, ...values]) => ({name, values}))})),
})

export function csv({caption, columns, rows}, _, tables = []) {
  const head = tables.length > 1 ? [[caption]] : []   // where several follow one another, each has its title
  return [...head, columns, ...rows].map((row) => row.map((each) => typeof each === "number" ? String(each) : field(String(each ?? ""))).join(",")).join("\r\n") + "\r\n"
}

// A word that a spreadsheet would take for a formula is kept a word: a link can carry anyone's sentence.
function field(text) {
  const word = /^[=+@\t\r]|^-(?!inf$|[\d.])/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(word) ? `"${word.replaceAll('"', '""')}"` : word
}

const XML = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
const xml = (text) => String(text).replace(/[&<>"]/g, (character) => XML[character])

function svg(m, words) {
  const [w, h, left, top] = [64, 44, 104, 96]
  const width = Math.max(left + w * m.cols.labels.length + 24, 480)
  const height = top + h * m.rows.labels.length + 48
  const ink = css(token("ink"))
  const quiet = css(token("ink-2"))
  const text = (x, y, content, {fill = ink, anchor = "middle", size = 16, weight = 400} = {}) => `<text x="${x}" y="${y}" fill="${fill}" text-anchor="${anchor}" font-size="${size}" font-weight="${weight}">${xml(content)}</text>`
  const colour = (axis) => axis === "query" ? css(token("q-ink")) : axis === "key" ? css(token("k-ink")) : ink
  const parts = [
    `<rect width="100%" height="100%" fill="${css(token("paper"))}"/>`,
    `<defs><pattern id="masked" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="${css(token("surface"))}"/><rect width="2" height="6" fill="${css(token("line"))}"/></pattern></defs>`,
    text(left, 34, titleOf(m), {anchor: "start", size: 18, weight: 700}),
    text(left, 58, `${m.rows.dim} = ${m.rows.labels.length}, ${m.cols.dim} = ${m.cols.labels.length}`, {anchor: "start", size: 13, fill: quiet}),
    ...m.cols.labels.map((label, c) => text(left + w * (c + 0.5), top - 10, label, {fill: colour(m.cols.axis), size: 14})),
    ...m.rows.labels.map((label, r) => text(left - 10, top + h * (r + 0.5) + 5, label, {fill: colour(m.rows.axis), anchor: "end", size: 14})),
    ...m.values.flatMap((row, r) => row.map((value, c) => {
      const masked = m.masked?.[r]?.[c] === 1
      const fill = masked ? null : fillOf(m.fill, value)
      const box = `<rect x="${left + w * c + 1}" y="${top + h * r + 1}" width="${w - 2}" height="${h - 2}" rx="3" fill="${masked ? "url(#masked)" : fill?.background ?? css(token("paper"))}" stroke="${fill == null || fill.pale ? css(token("line")) : "none"}"/>`
      return box + text(left + w * (c + 0.5), top + h * (r + 0.5) + 6, m.text[r][c], {fill: fill?.text ?? ink})
    })),
    text(left, height - 18, words, {anchor: "start", size: 12, fill: quiet}),
  ]
  return {width, height, text: `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Arial, sans-serif">${parts.join("")}</svg>`}
}

async function png(drawing, {width, height}) {
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

function download(blob, name) {
  const a = Object.assign(document.createElement("a"), {href: URL.createObjectURL(blob), download: name})
  document.body.append(a)
  a.click()
  a.remove()
  setTimeout(() => URL.revokeObjectURL(a.href), 1000)
}
