// How values are spread. The figure is Bokeh's: widgets/charts/Histogram.py.
import {chart} from "../chart.js"
import {placePlot} from "../plot.js"

export const element = {tag: "section"}

export const render = (view, ctx) => chart(view, ctx, twins(view))

export const after = (view, ctx) => placePlot(ctx, view)

export const twins = ({label, edges, series, words}) => [{
  caption: label,
  columns: [words.bin, words.from, words.to, ...series.map(({name}) => name)],
  rows: edges.slice(1).map((to, i) => [i + 1, edges[i], to, ...series.map(({counts}) => counts[i])]),
}]
