// Where the picked number comes from: its terms down a column, a rule, their sum.
import {html, nothing} from "lit-html"
import {maths} from "../maths.js"
import {later, t} from "../texts.js"

export const element = {region: "arithmetic", "aria-label": later("Arithmetic of the picked cell")}

const BODIES = {terms, softmax, equation, none: () => nothing}

export function render(view, ctx) {
  return html`<h2>${view.heading}</h2>
    <p class="what" translate="no">${maths(view.title, ctx)}</p>
    ${view.why?.length ? html`<p class="why">${maths(view.why, ctx)}</p>` : nothing}
    ${BODIES[view.body.kind](view.body, ctx)}
    ${view.note?.length ? html`<p class="note">${maths(view.note, ctx)}</p>` : nothing}`
}

// Many terms scroll inside the card, and then the keyboard must reach it.
export function after(view, {region}) {
  const scrolls = region.scrollHeight > region.clientHeight + 1
  region.toggleAttribute("data-scrolls", scrolls)
  region.tabIndex = scrolls ? 0 : -1
  const hit = region.querySelector(".hit")
  if (scrolls && hit != null) region.scrollTop = hit.offsetTop - region.offsetTop - region.clientHeight / 2
}

// A rounded number: first as printed by the sum, then ≈ and as the cell shows it.
const total = ({printed, value, approx}) => approx && printed != null ? html`<span class="printed">${printed} ≈</span> <b>${value}</b>` : html`<b>${value}</b>`

function terms(body) {
  const named = body.rows.some(({label}) => label != null)
  const big = !named && body.rows.length <= 2
  return html`<div class="sums" translate="no"><table role="presentation" class=${big ? "big" : ""}><tbody>
    ${body.rows.map(({label, a, b, product}, i) => html`<tr>${named ? html`<td class="name"><bdi>${label}</bdi></td>` : nothing}<td class="sign">${i > 0 ? "+" : ""}</td>
      <td class=${a.cls ?? ""}>${a.text}</td><td class="sign">×</td><td class=${b.cls ?? ""}>${b.text}</td><td class="sign">=</td><td data-product>${product}</td></tr>`)}
    <tr class="total"><td colspan="2">${t("sum")}</td><td colspan=${named ? 5 : 4}>${total(body)}</td></tr></tbody></table></div>`
}

function softmax(body) {
  const {quotient} = body
  return html`<div class="sums" translate="no"><table class="softmax"><thead><tr><td></td><th scope="col">${body.columns[0]}</th><td></td><th scope="col">${body.columns[1]}</th><td></td></tr></thead><tbody>
    ${body.rows.map((row) => html`<tr class="${row.hit ? "hit" : ""} ${row.gone ? "gone" : ""}"><th scope="row"><bdi>${row.label}</bdi></th><td>${row.score}</td><td class="sign">→</td><td>${row.exp}</td><td class="share"><i .style="width:${row.bar * 100}%"></i></td></tr>`)}
    <tr class="total"><td colspan="3">${t("sum")}</td><td><b>${body.sum}</b></td><td></td></tr></tbody></table>
    <p class="quotient">${quotient.a} ÷ ${quotient.b} = ${total(quotient)}</p></div>`
}

function equation(body, ctx) {
  return html`<p class="equation" translate="no">${maths(body.expression, ctx)} = ${total(body)}</p>`
}
