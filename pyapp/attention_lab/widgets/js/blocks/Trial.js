// Something is changed, and changed back: controls, what is in force, and the answers before and after.
import {html, nothing} from "lit-html"
import {item, settingsOf} from "../items.js"
import {maths} from "../maths.js"
import {t} from "../texts.js"

export const element = {region: "test"}
export const uses = (view) => settingsOf(view.items)

export function render(view, ctx) {
  const buttons = view.items.filter(({type}) => type === "button" || type === "select")
  const others = view.items.filter((each) => !buttons.includes(each))
  const [slider, ...rest] = others
  return html`<h2>${view.heading}</h2>
    <p class="what">${maths(view.what, ctx)} <b>${view.value}</b></p>
    <p class="where">${view.where}</p>
    ${slider == null ? nothing : item(slider, ctx)}
    <div class="tests">${buttons.map((each) => item(each, ctx))}</div>
    ${rest.map((each) => item(each, ctx))}
    ${applied(view, ctx)}
    ${view.answer == null ? nothing : answer(view.answer)}
    ${view.remark == null ? nothing : html`<p class="vector">${maths(view.remark, ctx)}</p>`}
    <p class="judged ${view.verdict?.flips ? "flips" : ""}" role="status">${view.verdict == null ? nothing : maths(view.verdict.text, ctx)}</p>
    ${view.caption == null ? nothing : html`<p class="caption">${view.caption}</p>`}
    ${view.notes.map((words) => html`<p class="note measured">${maths(words, ctx)}</p>`)}`
}

function applied({applied, undo_all: all}, ctx) {
  if (applied.length === 0) return nothing
  return html`<ul class="applied" aria-label=${t("Changes in force")}>${applied.map(({text, set}, i) => html`<li><span>${maths(text, ctx)}</span><button class="link-button" data-undo=${i} @click=${() => ctx.set(set)}>${t("undo")}<span class="vh"> ${t("this change")}</span></button></li>`)}
    ${applied.length > 1 && all != null ? html`<li><button class="link-button" data-action="undo-all" @click=${() => ctx.set(all)}>${t("undo all")}</button></li>` : nothing}</ul>`
}

function answer({rows, before, after}) {
  const share = (cell, name, is) => html`<td class=${is ? "best" : ""} data-share=${cell?.value ?? nothing}>${cell == null ? "" : html`<span class="share"><i .style="width:${cell.value * 100}%"></i></span>${cell.text}`}</td>`
  return html`<table class="answer"><thead><tr><th scope="col">${t("answer")}</th><th scope="col">${t("before")}</th>${after == null ? nothing : html`<th scope="col">${t("after")}</th>`}</tr></thead>
    <tbody>${rows.map((row) => html`<tr data-word=${row.word}><th scope="row"><bdi>${row.word}</bdi></th>${share(row.before, "before", row.word === before)}${after == null ? nothing : share(row.after, "after", row.word === after)}</tr>`)}</tbody></table>`
}
