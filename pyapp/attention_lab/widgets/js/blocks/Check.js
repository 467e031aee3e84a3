// Questions at the end. The answers are one setting; Python judges them and says what there is to say.
import {html, nothing} from "lit-html"
import {icon} from "../icons.js"
import {headed} from "../frame.js"
import {maths, plain} from "../maths.js"
import {rove} from "../rove.js"

export const element = {tag: "section"}
export const uses = ({setting}) => [setting]

const KINDS = {choice, number, pick}

export function render(view, ctx) {
  const fixed = ctx.fixed(view.setting)
  return html`${headed(view, ctx)}<ol class="questions">${view.questions.map((question, i) => asked(question, i, view, ctx, fixed))}</ol>
    <p class="score"><span role="status">${view.score}</span>${view.anew == null ? nothing : html`<button class="plain" data-action="anew" ?disabled=${fixed} @click=${() => { ctx.state.drafts?.clear(); ctx.set(view.anew) }}>${view.words.anew}</button>`}</p>`
}

// What is said to an answer is brought into sight.
export function after({questions}, ctx) {
  const judged = new Map(questions.map(({id, given, state}) => [id, state === "open" ? null : JSON.stringify(given)]))
  for (const [id, answer] of judged) {
    if (answer != null && ctx.state.judged != null && ctx.state.judged.get(id) !== answer) ctx.region.querySelector(`[data-question="${CSS.escape(id)}"]`).scrollIntoView({block: "nearest"})
  }
  ctx.state.judged = judged
}

function asked(question, i, view, ctx, fixed) {
  const own = ctx.values[view.setting]?.[question.id] ?? null
  const judged = JSON.stringify(own) === JSON.stringify(question.given)   // else Python has yet to see the answer
  const answer = (value) => { if (!fixed) ctx.set({[view.setting]: {...ctx.values[view.setting], [question.id]: value}}) }
  const state = judged ? question.state : "open"
  return html`<li class="question ${state}" data-question=${question.id}>
    <p class="question-ask" id="ask-${view.setting}-${i}">${maths(question.ask, ctx)}</p>
    ${KINDS[question.kind](question, {own, answer, fixed, view, ctx, id: `ask-${view.setting}-${i}`})}
    <div class="question-said" role="status">${judged ? verdict(question, view, ctx) : html`<p class="dim">${view.words.judging}</p>`}</div></li>`
}

function verdict({state, feedback}, {words}, ctx) {
  if (state === "open") return feedback?.length ? html`<p>${maths(feedback, ctx)}</p>` : nothing
  return html`<p class=${state}>${state === "right" ? icon("check") : nothing}<span><b>${state === "right" ? words.right : words.wrong}</b> ${maths(feedback, ctx)}</span></p>`
}

// The arrows only move: passing an answer by is no try. Enter or Space gives it.
function choice({options}, {own, answer, fixed, id}) {
  const stop = Number.isInteger(own) && own < options.length ? own : 0
  const next = (key, at) => { const by = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1}[key]; return by == null ? null : (at + by + options.length) % options.length }
  return html`<div class="options" role="radiogroup" aria-labelledby=${id} @keydown=${(event) => rove(event, next, () => {})}>${options.map((text, i) => html`<button class="option" role="radio" data-spot=${i} tabindex=${i === stop ? "0" : "-1"}
    aria-checked=${i === own ? "true" : "false"} aria-disabled=${fixed ? "true" : nothing} @click=${() => answer(i)}><span>${maths(text)}</span></button>`)}</div>`
}

// What is being written is kept until it is given; Enter, the button or leaving the field gives it.
function number({id: name, unit}, {own, answer, fixed, view, ctx, id}) {
  const drafts = ctx.state.drafts ??= new Map()
  const written = drafts.get(name) ?? String(own ?? "")
  const give = () => { const text = (drafts.get(name) ?? String(own ?? "")).trim(); drafts.delete(name); if (text !== String(own ?? "")) answer(text); else ctx.redraw() }
  return html`<div class="amount"><input type="text" inputmode="decimal" autocomplete="off" spellcheck="false" maxlength="40" aria-labelledby=${id} ?readonly=${fixed} .value=${written} data-action="amount-${name}"
      @input=${(event) => { drafts.set(name, event.target.value) }} @change=${give} @keydown=${(event) => { if (event.key === "Enter" && !event.isComposing) { event.preventDefault(); give() } }}>
    ${unit ? html`<span>${unit}</span>` : nothing}<button class="plain" data-action="give-${name}" ?disabled=${fixed} @click=${give}>${view.words.check}</button></div>`
}

// A row of words, or a small matrix, of which one cell is the answer.
function pick({rows, columns, text}, {own, answer, fixed, id}) {
  const n = columns.length
  const at = Array.isArray(own) ? own[0] * n + own[1] : -1
  const last = Math.max(1, rows.length) * n - 1
  const stop = at >= 0 && at <= last ? at : 0
  const step = {ArrowRight: 1, ArrowLeft: -1, ArrowDown: rows.length > 0 ? n : 1, ArrowUp: rows.length > 0 ? -n : -1}
  const next = (key, from) => key in step && from + step[key] >= 0 && from + step[key] <= last ? from + step[key] : key in step ? from : null
  const cell = (words, r, c, label) => html`<button class="pick-cell" data-spot=${r * n + c} tabindex=${r * n + c === stop ? "0" : "-1"} aria-pressed=${r * n + c === at ? "true" : "false"} aria-label=${label ?? nothing} aria-disabled=${fixed ? "true" : nothing} @click=${() => answer([r, c])}><bdi>${words}</bdi></button>`
  const move = (event) => rove(event, next, () => {})
  if (rows.length === 0) return html`<div class="pick-row" role="group" aria-labelledby=${id} @keydown=${move}>${columns.map((word, c) => cell(word, 0, c))}</div>`
  return html`<div class="pick-box"><table class="pick-table" aria-labelledby=${id} @keydown=${move}><thead><tr><td></td>${columns.map((head) => html`<th scope="col"><bdi>${head}</bdi></th>`)}</tr></thead>
    <tbody>${rows.map((head, r) => html`<tr><th scope="row"><bdi>${head}</bdi></th>${columns.map((column, c) => html`<td>${cell(text[r][c], r, c, `${plain(head)}, ${plain(column)}: ${text[r][c]}`)}</td>`)}</tr>`)}</tbody></table></div>`
}
