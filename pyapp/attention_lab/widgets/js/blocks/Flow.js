// Inputs above, the operation in words, the result below.
import {html, nothing} from "lit-html"
import {matrix} from "../grid.js"
import {maths} from "../maths.js"
import {flowPlan} from "../sizes.js"
import {gridOptions, roomOf, stageOf} from "../stage.js"
import {rem} from "../type.js"

export const {family, element, uses, render, after, leave} = stageOf((view, ctx) => {
  const plan = flowPlan(view, roomOf(ctx))
  const draw = (m, where, own) => matrix(m, {where, plan: own, ...gridOptions(m, view, ctx)})
  const joined = view.inputs.flatMap((m, i) => [i > 0 ? html`<span class="plus" aria-hidden="true">+</span>` : nothing, draw(m, "input", plan.inputs[i])])
  const style = `--w:${rem(plan.w)};--cols:${view.result.cols.labels.length};--lab:${rem(plan.lab)};--side:${rem(plan.side)}`
  return html`<div class="flow ${view.inputs.length > 1 ? "two" : "one"} ${plan.stacked ? "stacked" : ""} ${plan.beside ? "beside" : ""} ${view.result.cols.right_to_left ? "from-right" : ""}" .style=${style}>
    <div class="inputs">${joined}</div>
    <p class="op"><span aria-hidden="true">${plan.beside ? "→" : "↓"}</span> ${maths(view.op, ctx)}</p>
    ${draw(view.result, "result", plan.result)}
  </div>`
})
