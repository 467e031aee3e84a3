// A model card: what the model is, what was measured of it, and its limits.
import {html} from "lit-html"
import {t} from "./texts.js"

export function card({title, what, facts, columns, rows, limits}) {
  return html`<section class="card" aria-label=${t("Model card of {title}", {title})} tabindex="0" data-scrolls>
    <h2>${title}</h2><p>${what}</p>
    <dl>${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
    <table><thead><tr>${columns.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
      <tbody>${rows.map(([name, ...values]) => html`<tr><th scope="row">${name}</th>${values.map((value) => html`<td>${value}</td>`)}</tr>`)}</tbody></table>
    <h2>${t("Limits")}</h2><ul>${limits.map((limit) => html`<li>${limit}</li>`)}</ul>
  </section>`
}
