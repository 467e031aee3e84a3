// A matrix as a grid of real text: rows, headers and cells that screen readers know, one tab stop, dimension lines on its edges.
import {html, noChange, nothing} from "lit-html"
import {Directive, directive} from "lit-html/directive.js"
import {fillOf} from "./colours.js"
import {maths} from "./maths.js"
import {exact, lesser, short} from "./numbers.js"
import {paper} from "./paper.js"
import {t} from "./texts.js"
import {rem} from "./type.js"

const ROLE_OF_AXIS = {query: "q", key: "k"}

// where: "result", "source" or "input"; plan: what sizes.js decided for this matrix; current: [row, col] of the pinned cell, or null.
export function matrix(m, {where, plan, current, tabStop}) {
  const {rows, cols} = m
  const sums = m.sums != null && plan.sums > 0
  const dir = cols.right_to_left ? "rtl" : "ltr"
  const style = `--cols:${cols.labels.length};--rows:${rows.labels.length};--w:${rem(plan.w)};--h:${rem(plan.h)};--lab:${rem(plan.lab)};--len:${plan.len};--sums:${rem(sums ? plan.sums : 0)}`
  const name = `caption-${m.id}`
  return html`<figure class="matrix ${where} ${plan.side && rows.labels.length > 1 ? "" : "no-side"} ${plan.lab > 0 ? "" : "no-labels"} ${cols.right_to_left ? "mirrored" : ""}" translate="no" data-matrix=${m.id} data-fill=${m.fill.kind} .style=${style}>
    <figcaption id=${name} class=${m.role ?? ""}>${m.symbol?.length ? html`<span class="symbol">${maths(m.symbol)}</span>` : nothing}<span class="words">${m.words}</span></figcaption>
    <div class="extent top" aria-hidden="true"><span>${cols.dim} = ${cols.labels.length}</span></div>
    <div class="extent side" aria-hidden="true"><span>${rows.dim} = ${rows.labels.length}</span></div>
    <div class="plane">
      <div class="grid" dir=${dir} role="grid" aria-label=${m.label} aria-readonly=${m.toggles ? "false" : "true"}>
        <div role="row"><span class="corner" aria-hidden="true"></span>${cols.labels.map((text, col) => label("columnheader", cols, text, col))}${sums ? html`<span role="columnheader" class="label sum">${t("sum")}</span>` : nothing}</div>
        ${m.values.map((_, row) => html`<div role="row">${label("rowheader", rows, rows.labels[row], row)}${m.values[row].map((_, col) => cell(m, row, col, {
          current: current != null && current[0] === row && current[1] === col, tabStop: tabStop[0] === row && tabStop[1] === col, shortened: plan.short,
        }))}${sums ? html`<span role="gridcell" class="sum">${m.sums[row]}</span>` : nothing}</div>`)}
      </div>
      <div class="bands" dir=${dir} data-of=${m.id} aria-hidden="true"></div>
    </div>
  </figure>`
}

function label(role, axis, text, index) {
  return html`<span role=${role} dir="auto" class="label ${ROLE_OF_AXIS[axis.axis] ?? ""} ${axis.on === index ? "on" : ""}" data-axis=${axis.axis} data-index=${index} title=${text}><bdi>${text}</bdi></span>`
}

// A browser works out the whole style of a cell anew when all of it is set at once, or where it has variables of its own: that takes
// longer than all else that a change does. So each property is set by itself (lit's styleMap begins with all at once, which a strict
// policy of a host forbids besides), and a cell's length is the size of a background; on paper, which may have none, css/print.css
// draws a line of that share.
const styled = directive(class extends Directive {
  #set = {}

  render() {
    return nothing
  }

  update({element}, [style]) {
    for (const name of Object.keys(this.#set)) if (!(name in style)) element.style.removeProperty(name)
    for (const [name, value] of Object.entries(style)) if (this.#set[name] !== value) element.style.setProperty(name, value)
    this.#set = style
    return noChange
  }
})

function styleOf(fill, share, measured) {
  if (fill == null) return {}
  const style = {"background-color": fill.background, color: fill.text}
  if (measured) style["background-size"] = `calc((100% - 0.375rem) * ${share}) 100%`
  if (measured && paper.on) style["--share"] = `${share}`
  return style
}

function cell(m, row, col, {current, tabStop, shortened}) {
  const masked = m.masked?.[row]?.[col] === 1
  const fill = masked ? null : fillOf(m.fill, m.values[row][col])
  const text = m.text[row][col]
  const kind = masked ? "masked" : fill == null ? "empty" : fill.pale ? "pale" : ""
  const state = m.toggles ? masked ? t(", blocked") : t(", allowed") : masked ? t(", masked") : ""
  return html`<div role="gridcell" class="cell ${kind} ${current ? "current" : ""}" tabindex=${tabStop ? "0" : "-1"} data-cell="${row},${col}"
    data-value=${exact(m, row, col) ?? nothing} aria-selected=${current ? "true" : "false"} aria-label="${m.rows.labels[row]}, ${m.cols.labels[col]}: ${shortened ? lesser(text) : text}${state}"
    ${styled(styleOf(fill, m.values[row][col], m.fill.kind === "weights"))}>${shortened ? short(text) : text}</div>`
}
