// The table twins of a picture: the same numbers as a real table, to be read aloud and copied. Exact values stand in data-value.
import {html, nothing} from "lit-html"

const DIGITS = 4

// Under a heading that says the same the caption is there for those who cannot see it.
export function twin({caption, columns, rows, mirrored}, heading) {
  const [corner, ...heads] = columns
  return html`<table class="twin" dir=${mirrored == null ? nothing : mirrored ? "rtl" : "ltr"}><caption dir="auto"><span class=${caption === heading ? "vh" : ""}>${caption}</span></caption>
    <thead><tr>${corner ? html`<th scope="col">${corner}</th>` : html`<td></td>`}${heads.map((text) => html`<th scope="col"><bdi>${text}</bdi></th>`)}</tr></thead>
    <tbody>${rows.map(([head, ...cells]) => html`<tr><th scope="row"><bdi>${typeof head === "number" ? shown(head) : head}</bdi></th>${cells.map(cell)}</tr>`)}</tbody>
  </table>`
}

export const tablesOf = (twins, heading) => html`<div class="twins" tabindex="0" data-scrolls>${twins.map((each) => twin(each, heading))}</div>`

function cell(value) {
  return typeof value === "number" ? html`<td translate="no" data-value=${String(value)}>${shown(value)}</td>` : html`<td><bdi>${value ?? "–"}</bdi></td>`
}

// A number for people: whole, or with four digits after the point or four that count; the minus sign is the real one.
export function shown(value) {
  const size = Math.abs(value)
  const text = Number.isInteger(value) ? String(value) : size >= 1e-3 && size < 1e6 ? String(Number(value.toFixed(DIGITS))) : value.toExponential(DIGITS - 1)
  return text.replace(/-/g, "−")
}
