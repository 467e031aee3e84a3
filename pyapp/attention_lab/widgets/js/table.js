// The table twins: the same numbers as real tables, to be read aloud and copied.
import {html} from "lit-html"
import {maths} from "./maths.js"
import {exact} from "./numbers.js"
import {matricesOf} from "./matrices.js"
import {nothing} from "lit-html"
import {t} from "./texts.js"

export function tables(stage) {
  const matrices = matricesOf(stage)
  const inOrder = stage.tables.map((id) => matrices.find((m) => m.id === id)).filter((m) => m != null)
  return html`<div class="tables">${inOrder.map(table)}</div>`
}

export function table(m) {
  return html`<table class="twin" translate="no" dir=${m.cols.right_to_left ? "rtl" : "ltr"} data-matrix=${m.id}>
    <caption class=${m.role ?? ""}>${m.symbol?.length ? html`<span class="symbol">${maths(m.symbol)}</span> ` : nothing}${m.words} <span class="dim">(${m.rows.dim} ${m.rows.labels.length} × ${m.cols.dim} ${m.cols.labels.length})</span></caption>
    <thead><tr><td></td>${m.cols.labels.map((text) => html`<th scope="col"><bdi>${text}</bdi></th>`)}${m.sums == null ? nothing : html`<th scope="col">${t("sum")}</th>`}</tr></thead>
    <tbody>${m.values.map((row, r) => html`<tr><th scope="row"><bdi>${m.rows.labels[r]}</bdi></th>${row.map((_, c) => html`<td data-cell="${r},${c}" data-value=${exact(m, r, c) ?? nothing}>${m.text[r][c]}</td>`)}${m.sums == null ? nothing : html`<td class="dim">${m.sums[r]}</td>`}</tr>`)}</tbody>
  </table>`
}
