// Saves what a step shows, each picture of it by itself, under the name that it has on the screen: as a picture (PNG, SVG) or as exact
// numbers (CSV, NPY); and everything together as JSON.
import {plain} from "./maths.js"
import {matricesOf, resultOf} from "./matrices.js"
import {exact} from "./numbers.js"
import {arrowsSvg, png, svg} from "./picture.js"
import {saveAs} from "./saving.js"
import {t} from "./texts.js"

const BOM = "\ufeff"   // spreadsheets take the file for UTF-8
const OF_MATRICES = ["PNG", "SVG", "CSV", "NPY"]

// What can be saved: the result of the step first, then its other pictures, each with its name and the ways to save it.
export function savesOf(ctx) {
  const stage = ctx.view("stage") ?? {}
  const result = resultOf(stage, ctx.values)
  const others = [...new Map(matricesOf(stage).map((m) => [m.id, m])).values()].filter((m) => m.id !== result?.id)
  const each = (m) => OF_MATRICES.map((kind) => ({kind, save: () => matrixAs(kind, m, stage, ctx)}))
  const rows = result == null ? [] : [{id: "", name: named(result, stage), ways: each(result)}]
  rows.push(...others.map((m) => ({id: m.id, name: named(m, stage), ways: each(m)})))
  const tables = {kind: "CSV", save: () => save(tablesOf(ctx).map(csv).join("\r\n"), "csv", ctx.values.step)}
  const all = {kind: "JSON", save: () => save(JSON.stringify(whole(ctx), null, 1), "json", result?.id ?? ctx.values.step)}
  return [...rows, {id: "all", name: t("everything of this step"), ways: result == null ? [tables, all] : [all]}]
}

function matrixAs(kind, m, stage, ctx) {
  const title = named(m, stage)
  if (kind === "CSV") return save(csv(twinOf(m, title)), "csv", m.id)
  if (kind === "NPY") return saveAs(new Blob([npy(m)], {type: "application/octet-stream"}), fileName(m.id, "npy"))
  const words = caption(ctx)
  const picture = stage.block === "Arrows" ? arrowsSvg(m, stage, title, words) : svg(m, title, words)
  const drawing = new Blob([picture.text], {type: "image/svg+xml"})
  if (kind === "SVG") return saveAs(drawing, fileName(m.id, "svg"))
  return png(drawing, picture).then((blob) => saveAs(blob, fileName(m.id, "png")))
}

const TYPES = {csv: "text/csv;charset=utf-8", json: "application/json"}

const save = (text, ending, name) => saveAs(new Blob(ending === "csv" ? [BOM, text] : [text], {type: TYPES[ending]}), fileName(name, ending))

const fileName = (name, ending) => `${name.replaceAll("_", "-")}.${ending}`

// Where the numbers are from: the lab, the step, the head, the model or the seed.
function caption(ctx) {
  const badge = ctx.view("sentence")?.badge?.label
  const head = ctx.view("heads")?.maps.find(({current}) => current)?.label
  return [ctx.view("header")?.brand, ctx.view("lesson")?.title, head, badge].filter(Boolean).join(" · ")
}

// Words in full, whatever is shown where there is little room.
const full = (axis) => axis.full ?? axis.labels

// What stands above it on the screen.
function named(m, {panels = []}) {
  const panel = panels.find(({matrix}) => matrix.id === m.id)
  return panel?.title ?? (`${plain(m.symbol)} ${m.words}`.trim() || m.label)
}

const twinOf = (m, title) => ({
  caption: title, columns: ["", ...full(m.cols)],
  rows: m.values.map((row, r) => [full(m.rows)[r], ...row.map((value, c) => value ?? exact(m, r, c)?.replace("Infinity", "inf") ?? "")]),
})

// Every table of the stage: those of matrices, and the twins of other pictures.
const tablesOf = (ctx) => ctx.pictures().flatMap(({view, renderer}) => renderer.family === "stage" ? matricesOf(view).map((m) => twinOf(m, named(m, view))) : renderer.twins?.(view) ?? [])

const whole = (ctx) => ({
  title: caption(ctx), link: ctx.link.address, sentence: ctx.view("sentence")?.field?.text ?? null, provenance: ctx.view("sentence")?.badge?.label ?? null,
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

// NumPy's own file, version 1.0: float64, row by row. What was masked is -inf, what was not computed nan.
export function npy(m) {
  const shape = [m.values.length, m.values[0].length]
  const told = `{'descr': '<f8', 'fortran_order': False, 'shape': (${shape.join(", ")}), }`
  const header = `${told.padEnd(Math.ceil((told.length + 11) / 64) * 64 - 11)}\n`
  const file = new Uint8Array(10 + header.length + 8 * shape[0] * shape[1])
  file.set([0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, header.length & 255, header.length >> 8])
  file.set(new TextEncoder().encode(header), 10)
  const numbers = new DataView(file.buffer, 10 + header.length)
  m.values.flat().forEach((value, i) => {
    const [r, c] = [Math.floor(i / shape[1]), i % shape[1]]
    numbers.setFloat64(8 * i, value ?? Number(exact(m, r, c) ?? NaN), true)
  })
  return file
}
