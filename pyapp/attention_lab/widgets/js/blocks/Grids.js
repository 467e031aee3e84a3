// Matrices side by side, each as large as fits.
import {html} from "lit-html"
import {matrix} from "../grid.js"
import {gridsPlan} from "../sizes.js"
import {gridOptions, roomOf, stageOf} from "../stage.js"

export const {family, element, uses, render, after, leave} = stageOf((view, ctx) => {
  const plans = gridsPlan(view.panels.map(({matrix}) => matrix), roomOf(ctx))
  return html`<div class="panels of-${view.panels.length} drawn-map">${view.panels.map((panel, i) =>
    matrix(panel.matrix, {where: "result", plan: plans[i], ...gridOptions(panel.matrix, view, ctx)}))}</div>`
})
