// Rows of words and numbers; some numbers with a bar, some cells marked.
import {html, nothing} from "lit-html"
import {headed} from "../frame.js"
import {maths, plain} from "../maths.js"

export const element = {tag: "section"}

export function render(view, ctx) {
  const [corner, ...heads] = view.columns
  const isNumber = heads.map((_, c) => view.rows.some(({cells}) => cells[c].value != null))
  const widths = heads.map((_, c) => Math.max(0, ...view.rows.map(({cells}) => cells[c].bar == null ? 0 : cells[c].text.length)))
  return html`${headed(view, ctx)}<div class="board-box" tabindex="0" role="region" aria-label=${view.alt} data-scrolls><table class="board">
    <thead><tr><th scope="col">${maths(corner, ctx)}</th>${heads.map((head, c) => html`<th scope="col" class=${isNumber[c] ? "number" : ""}>${maths(head, ctx)}</th>`)}</tr></thead>
    <tbody>${view.rows.map(({name, cells}) => html`<tr><th scope="row"><bdi>${maths(name, ctx).map(breaking)}</bdi></th>${cells.map((cell, c) => drawn(cell, isNumber[c], widths[c], ctx))}</tr>`)}${view.rows.length > 0 ? nothing : html`<tr><td colspan=${view.columns.length}>–</td></tr>`}</tbody>
  </table></div>`
}

export const twins = ({label, columns, rows}) => [{
  caption: label, columns: columns.map(plain), rows: rows.map(({name, cells}) => [plain(name), ...cells.map(({value, text}) => value ?? plain(text))]),
}]

// A dotted or underlined name of a program breaks where its parts do.
function breaking(part) {
  if (typeof part !== "string") return part
  const names = part.match(/[^._]*[._]*/g)
  return names.map((name, i) => /^\p{L}/u.test(name) && i > 0 ? html`<wbr>${name}` : name)
}

function drawn({text, value, bar, marked}, isNumber, width, ctx) {
  return html`<td class="${isNumber ? "number" : ""} ${marked ? "marked" : ""}" translate=${value == null ? nothing : "no"} data-value=${value ?? nothing}>${bar == null ? nothing : html`<span class="board-bar" aria-hidden="true"><i .style="--size:${bar * 100}%"></i></span>`}<bdi .style=${bar == null ? "" : `--text:${width}ch`}>${text == null ? "" : maths(text, ctx)}</bdi></td>`
}
