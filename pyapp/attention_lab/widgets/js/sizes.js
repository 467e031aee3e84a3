// Cell sizes from the room there is. Cells are wider than high, because numbers are; they shrink to a size that can still be read
// and hit, and only then does the stage scroll inside itself.
import {longest} from "./numbers.js"

const SIDE = 22           // the dimension line left of a matrix
const HEAD = 60           // caption, dimension line and column labels above it
const TIGHT = 40          // caption and column labels alone, where the room is low: the matrix below has the same columns
const TARGET = 24         // px: a target that can be hit (WCAG 2.2, 2.5.8)
const DIGIT = 0.58        // of the letters' height: how wide a digit is
const RATIO = 2.1         // never wider than this times the height
const SUMS = 52
const APART = 24          // between matrices that stand side by side

const clamp = (value, low, high) => Math.floor(Math.max(low, Math.min(high, value)))
const columns = (m) => m.cols.labels.length
const height = (m) => m.rows.labels.length

let pen = null
function textWidth(text, font) {
  pen ??= document.createElement("canvas").getContext("2d")
  pen.font = font
  return pen.measureText(text).width
}

function labelFont({small, large}) {
  return `700 ${small ? 13 : large ? 16 : 14}px ${getComputedStyle(document.documentElement).getPropertyValue("--sans") || "sans-serif"}`
}

function labelWidth(m, room) {
  const {small, large} = room
  const widest = Math.max(...m.rows.labels.map((text) => textWidth(text, labelFont(room))))
  return clamp(widest + (small ? 8 : 12), small ? 28 : 36, small ? 64 : large ? 120 : 96)
}

const least = (m, small, {letters}) => Math.max(TARGET, Math.ceil(longest(m.text, small) * DIGIT * letters + 5))

function planOf(m, room, sizes) {
  return {lab: 0, side: false, sums: 0, short: room.small, len: longest(m.text, room.small), ...sizes}
}

const nameWidth = (m, room) => Math.max(...m.cols.labels.map((text) => textWidth(text, labelFont(room)))) + 8

// Left factor left, right factor on top, result where they meet: one width for all columns, one height for all rows. Where numbers
// would be cut off, they get the room of the dimension lines. What is too high even so stands side by side, if it fits there.
export function productPlan(view, room) {
  const plan = productOf(view, room, room.small ? 0 : SIDE)
  if (plan.high && view.results.length === 1) {
    const beside = flowBeside({inputs: [view.left, ...view.top], result: view.results[0], named: true}, room)
    if (beside.fits) return beside
  }
  return plan.fits || room.small ? plan : productOf(view, room, 0)
}

function productOf({left, top, results}, room, side) {
  const {width, small, large} = room
  const leftLab = labelWidth(left, room)
  const rightLab = small ? 0 : Math.max(labelWidth(top[0], room), labelWidth(results[0], room))
  const rows = height(top[0]) + height(results[0])
  const tight = room.height != null && room.height < 2 * HEAD + 20 + rows * TARGET
  const gaps = {between: small ? 8 : 24, next: 16, rows: small ? 8 : tight ? 4 : 14}
  const fixed = side * 2 + leftLab + rightLab + gaps.between + gaps.next * (results.length - 1)
  const count = columns(left) + results.reduce((sum, m) => sum + columns(m), 0)
  const need = Math.max(...[left, ...top, ...results].map((m) => least(m, small, room)))
  const free = room.height == null ? Infinity : (room.height - HEAD - (tight ? TIGHT : HEAD) - gaps.rows - 6) / rows
  const widest = clamp((width - fixed) / count, need, large ? 100 : 68)
  const h = room.height == null ? clamp(widest * 1.1, 28, 36) : clamp(free, TARGET, large ? 64 : 46)
  const names = Math.max(...[left, ...results].map((m) => nameWidth(m, room)))
  const w = clamp(Math.min(widest, Math.max(h * RATIO, names)), need, large ? 100 : 68)
  const fits = fixed + count * w <= width + 0.5
  const shared = {w, h, side: side > 0}
  const later = {w, h}
  return {
    fits, gaps, w, tight, high: free < TARGET,
    left: planOf(left, room, {...shared, lab: leftLab}),
    top: top.map((m, i) => planOf(m, room, i === 0 ? {...shared, lab: rightLab} : later)),
    results: results.map((m, i) => planOf(m, room, i === 0 ? {...shared, lab: rightLab} : later)),
  }
}

// Inputs above, the operation in words, the result below; one input has its columns over the result's. Where that is higher than the
// room, but would fit beside each other, they stand side by side.
export function flowPlan(view, room) {
  const above = flowAbove(view, room)
  if (room.height == null || above.height <= room.height) return above
  const beside = flowBeside(view, room)
  return beside.fits ? beside : above
}

const ARROW = 56   // px for the operation between matrices that stand side by side
const PLUS = 18
const NAMED = 56   // px that names of rows get there at the most

function flowBeside({inputs, result, named: each}, room) {
  const {width, height: high, small, large} = room
  const all = [...inputs, result]
  const sums = result.sums != null ? SUMS : 0
  const lab = Math.min(NAMED, labelWidth(result, room))
  const rows = Math.max(...all.map(height))
  const fixed = SIDE + lab + sums + ARROW + (PLUS + (each ? lab : 0)) * (inputs.length - 1) + 12
  const need = all.reduce((sum, m) => sum + least(m, true, room) * columns(m), 0)
  const named = fixed + lab + need <= width   // the rows of the result are named again where there is room
  const free = width - fixed - (named ? lab : 0) - need
  const h = clamp((high - HEAD - 6) / rows, TARGET, large ? 60 : 40)
  // First the numbers fit, then the names of the columns, then cells are wider than high.
  const sizes = [(m) => least(m, true, room), (m) => Math.max(least(m, true, room), nameWidth(m, room)), (m) => Math.max(least(m, true, room), nameWidth(m, room), h * RATIO)]
  const total = (size) => all.reduce((sum, m) => sum + size(m) * columns(m), 0) - need
  const level = total(sizes[1]) < free ? 1 : 0
  const share = Math.max(0, Math.min(1, (free - total(sizes[level])) / (total(sizes[level + 1]) - total(sizes[level]) || 1)))
  const plan = (m, own) => {
    const w = clamp(sizes[level](m) + share * (sizes[level + 1](m) - sizes[level](m)), least(m, true, room), large ? 110 : 84)
    return planOf(m, {...room, small: w < least(m, false, room)}, {w, h, ...own})
  }
  return {
    fits: free >= 0 && HEAD + h * rows <= high + 0.5, w: 0, lab, side: SIDE, stacked: false, beside: true,
    inputs: inputs.map((m, i) => plan(m, {lab: i === 0 || each ? lab : 0, side: i === 0 && !small})),
    result: plan(result, {lab: named ? lab : 0, side: false, sums}),
  }
}

function flowAbove({inputs, result}, room) {
  const {width, small, large} = room
  const stacked = small && inputs.length > 1
  const side = small ? 0 : SIDE
  const sums = result.sums != null && !small ? SUMS : 0
  const rowsAbove = stacked ? inputs.reduce((sum, m) => sum + height(m), 0) : Math.max(...inputs.map(height))
  const heads = HEAD * (stacked ? inputs.length + 1 : 2) + 38
  const free = room.height == null ? Infinity : room.height - heads - 6
  const inH = room.height == null ? 30 : clamp(free / (rowsAbove + height(result) * 1.3), TARGET, large ? 38 : 30)
  const h = room.height == null ? 36 : clamp((free - rowsAbove * inH) / height(result), TARGET, large ? 60 : 44)
  const one = inputs.length === 1
  const lab = one || stacked ? Math.max(...[...inputs, result].map((m) => labelWidth(m, room))) : labelWidth(result, room)
  const need = Math.max(...[result, ...(one || stacked ? inputs : [])].map((m) => least(m, small, room)))
  const count = Math.max(columns(result), ...(one || stacked ? inputs.map(columns) : []))
  const names = nameWidth(result, room)
  const w = clamp(Math.min((width - side - lab - sums) / count, Math.max(h * 2.6, names)), need, large ? 128 : 104)
  const inputPlans = inputs.map((m, i) => {
    if (one || stacked) return planOf(m, room, {w, h: inH, lab, side: !small})
    const share = (width - lab - side - 64) / inputs.reduce((sum, input) => sum + columns(input), 0)
    return planOf(m, room, {w: clamp(Math.min(share, inH * 2.2), least(m, small, room), large ? 72 : 56), h: inH, lab: i === 0 ? lab : 0, side: i === 0 && !small})
  })
  const across = Math.max(side + lab + count * w + sums, one || stacked ? 0 : side + lab + 64 + inputPlans.reduce((sum, plan, i) => sum + plan.w * columns(inputs[i]), 0))
  return {fits: across <= width + 0.5, height: heads + 6 + rowsAbove * inH + height(result) * h, w, lab, side, stacked, inputs: inputPlans, result: planOf(result, room, {w, h, lab, side: !small, sums})}
}

// One matrix alone: as large as fits, with cells wider than high.
export function singlePlan(m, room, {lab = labelWidth(m, room), side = room.small ? 0 : SIDE} = {}) {
  const {width, large} = room
  const free = room.height == null ? Infinity : room.height - HEAD - 6
  const h = room.height == null ? 30 : clamp(free / height(m), TARGET, large ? 56 : 40)
  const w = clamp(Math.min((width - side - lab) / columns(m), h * RATIO), least(m, true, room), large ? 110 : 84)
  return planOf(m, {...room, small: w < least(m, false, room)}, {w, h, lab, side: side > 0})
}

// Matrices side by side, each as large as fits. Where they are too wide together, they have no dimension lines at their left, and rows
// of the same names are named once.
export function gridsPlan(matrices, room) {
  const n = matrices.length
  const between = room.small ? 0 : APART * (n - 1)
  const share = room.small ? room.width : (room.width - between) / n
  const plans = matrices.map((m) => singlePlan(m, {...room, width: share}))
  const total = matrices.reduce((sum, m, i) => sum + (plans[i].side ? SIDE : 0) + plans[i].lab + plans[i].w * columns(m), between)
  if (room.small || total <= room.width + 0.5) return plans
  const names = ({rows}) => rows.labels.join("\n")
  const labs = matrices.map((m, i) => i > 0 && names(m) === names(matrices[0]) ? 0 : labelWidth(m, room))
  const needs = matrices.map((m) => least(m, true, room) * columns(m))
  const spare = [...labs, ...needs].reduce((left, each) => left - each, room.width - between) / n
  return matrices.map((m, i) => singlePlan(m, {...room, width: labs[i] + needs[i] + Math.max(0, spare)}, {lab: labs[i], side: 0}))
}
