// How values run. The figure is Bokeh's: widgets/charts/Lines.py.
import {chart} from "../chart.js"
import {placePlot} from "../plot.js"

export const element = {tag: "section"}

export const render = (view, ctx) => chart(view, ctx, twins(view))

export const after = (view, ctx) => placePlot(ctx, view)

// One table where all series share their x, else one each.
export function twins({label, series, across, up, words}) {
  const [first] = series
  const x = across.title || "x"
  const columnsOf = (each) => [[each.name, each.y], ...each.low == null ? [] : [[`${each.name}, ${words.from}`, each.low], [`${each.name}, ${words.to}`, each.high]]]
  const table = (caption, xs, columns) => ({caption, columns: [x, ...columns.map(([name]) => name)], rows: xs.map((at, i) => [at, ...columns.map(([, values]) => values[i])])})
  const shared = series.every((each) => JSON.stringify(each.x) === JSON.stringify(first.x))
  if (shared) return [table(up.title ? `${label}: ${up.title}` : label, first.x, series.flatMap(columnsOf))]
  return series.map((each) => table(`${label}: ${each.name}`, each.x, columnsOf(each)))
}
