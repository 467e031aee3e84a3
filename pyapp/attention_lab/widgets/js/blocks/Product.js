// Left factor left, right factors on top, results where they meet.
import {html, nothing} from "lit-html"
import {matrix} from "../grid.js"
import {maths} from "../maths.js"
import {chosenPair} from "../matrices.js"
import {productPlan} from "../sizes.js"
import {chooser, gridOptions, roomOf, stageOf} from "../stage.js"
import {rem} from "../type.js"

export const {family, element, uses, render, after, leave} = stageOf((view, ctx) => {
  const room = roomOf(ctx)
  let shown = view
  let plan = productPlan(view, room)
  const choosing = view.choose != null && (ctx.small || !plan.fits)
  if (choosing) {
    const at = chosenPair(view, ctx.values)
    shown = {...view, top: [view.top[at]], results: [view.results[at]]}
    plan = productPlan(shown, room)
  }
  const draw = (m, where, own) => matrix(m, {where, plan: own, ...gridOptions(m, view, ctx)})
  if (plan.beside) return beside([view.left, ...view.top], view.results[0], plan, draw)
  return html`${choosing ? chooser(view, ctx) : nothing}
    <div class="product ${plan.tight ? "tight" : ""}" .style="--between:${rem(plan.gaps.between)};--next:${rem(plan.gaps.next)};--lines:${rem(plan.gaps.rows)};--w:${rem(plan.w)}">
      <div class="corner-space">${bars(view.bars, view.left)}</div>
      <div class="row">${shown.top.map((m, i) => draw(m, "source top", plan.top[i]))}</div>
      ${draw(view.left, "source left", plan.left)}
      <div class="row">${shown.results.map((m, i) => draw(m, "result", plan.results[i]))}</div>
    </div>`
})

// One after the other, where the room is too low for one on top of the other.
function beside(factors, result, plan, draw) {
  return html`<div class="flow two beside" .style="--w:${rem(plan.w)};--lab:${rem(plan.lab)};--side:${rem(plan.side)}">
    <div class="inputs">${factors.map((m, i) => [i > 0 ? html`<span class="plus" aria-hidden="true">·</span>` : nothing, draw(m, "source", plan.inputs[i])])}</div>
    <p class="op" aria-hidden="true"><span>=</span></p>
    ${draw(result, "result", plan.result)}
  </div>`
}

// Over the columns of the left factor, and in their order.
function bars(view, {cols}) {
  if (view == null) return nothing
  return html`<div class="bar-chart" aria-hidden="true" .style="--cols:${view.heights.length}"><p>${maths(view.label)}</p>
    <div dir=${cols.right_to_left ? "rtl" : "ltr"}>${view.heights.map((share) => html`<i .style="height:${share * 100}%"></i>`)}</div></div>`
}
