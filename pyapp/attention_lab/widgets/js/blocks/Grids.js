// Matrices side by side, each as large as fits.
import {html} from "lit-html"
import {matrix} from "../grid.js"
import {singlePlan} from "../sizes.js"
import {gridOptions, roomOf, stageOf} from "../stage.js"

export const {family, element, uses, render, after, leave} = stageOf((view, ctx) => {
  const room = roomOf(ctx)
  const share = ctx.small ? room.width : (room.width - 24 * (view.panels.length - 1)) / view.panels.length
  return html`<div class="panels of-${view.panels.length} drawn-map">${view.panels.map((panel) =>
    matrix(panel.matrix, {where: "result", plan: singlePlan(panel.matrix, {...room, width: share}), ...gridOptions(panel.matrix, view, ctx)}))}</div>`
})
