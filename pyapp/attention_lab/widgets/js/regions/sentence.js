// The learner's sentence, its tokens as chips that pick the query, and beside them what concerns the whole step: where the numbers
// come from, the table twins, the exports.
import {html, nothing} from "lit-html"
import {exportStep} from "../export.js"
import {icon} from "../icons.js"
import {maths} from "../maths.js"
import {card} from "../card.js"
import {asking} from "../question.js"

export const element = {tag: "section", "aria-label": "Sentence"}
export const uses = ["text", "query", "own", "sample", "asked"]

const MANY = 9      // tokens; a phone then scrolls them in one line, a larger screen makes them smaller
const PAUSE = 700   // ms without a key before the sentence is taken

export function render(view, ctx) {
  const {message} = view
  const events = typing(view, ctx)
  return html`<div class="your-sentence">
      <label for="sentence">${view.label}</label>
      <input id="sentence" data-control="text" type="text" dir="auto" autocomplete="off" autocapitalize="off" spellcheck="false" enterkeyhint="done"
        aria-describedby="sentence-message" aria-invalid=${message?.kind === "error" ? "true" : "false"} @input=${events.input} @keydown=${events.keydown} @blur=${events.blur}>
      <div id="sentence-message" class="message ${message?.kind ?? "none"}">${message == null ? view.status == null ? nothing : html`<p class="status ${view.status.kind}">${view.status.text}</p>` : html`<p role=${message.kind === "error" ? "alert" : nothing}>${message.kind === "error" ? icon("warning") : nothing}<span>${message.text}</span></p>`}</div>
    </div>
    <div class="chips" role="group" aria-label="Pick the query token"><span class="chips-label" aria-hidden="true">${view.chips_label ?? "Query"}</span>
      <div class="chip-list ${view.chips.length > MANY ? "many" : ""}">${view.chips.map((token, i) => chip(token, i, view, ctx))}</div></div>
    ${tools(view, ctx)}`
}

function chip(token, i, view, ctx) {
  const query = queryOf(view, ctx)
  const mark = i === query ? "query" : i === view.key ? "key" : ""
  const title = token.short === token.text ? nothing : token.text
  return html`<button class="chip ${mark} ${token.pad ? "pad" : ""} ${token.spelled ? "spelled" : ""}" data-chip=${i} data-axis="key" data-index=${token.place ?? i} title=${title}
    aria-pressed=${i === query ? "true" : "false"} @click=${() => ctx.set(view.field === "own" ? asking({...view, owners: null}, i, i === view.key ? query : view.key) : {query: i})}><bdi>${token.short}</bdi>${mark === "key" ? html`<span class="vh">, key</span>` : nothing}</button>`
}

// What was chosen a moment ago holds, even before Python has answered.
function queryOf(view, ctx) {
  const chosen = view.field === "own" ? ctx.learner.asked?.[0] ?? view.query : ctx.learner.query
  return chosen < view.chips.length ? chosen : view.query
}

function typing(view, ctx) {
  const {state} = ctx
  const apply = (event) => {
    clearTimeout(state.timer)
    state.editing = event.type !== "blur" && event.key !== "Enter"
    ctx.set({[view.field ?? "text"]: event.target.value})
    if (!state.editing) ctx.redraw()
  }
  return {
    input(event) {
      clearTimeout(state.timer)
      state.editing = true
      if (!event.isComposing) state.timer = setTimeout(() => apply({type: "pause", target: event.target}), PAUSE)
    },
    keydown(event) { if (event.key === "Enter" && !event.isComposing) apply(event) },
    blur(event) { if (state.editing) apply(event) },
  }
}

// The input follows the learner's text, except while it is being written in.
export function after(view, ctx) {
  const input = ctx.region.querySelector("#sentence")
  const text = shown(view, ctx)
  input.readOnly = ctx.locked("text")
  if (!(ctx.state.editing && document.activeElement === input) && input.value !== text) input.value = text
  if (ctx.state.query !== queryOf(view, ctx)) showChip(view, ctx)
}

// The learner's own text stays as it was typed, even where it was refused; a sentence of the lab is Python's.
function shown({field, text, message}, {learner}) {
  if (field !== "own") return learner.text
  return learner.sample === -1 || message?.kind === "error" ? learner.own : text
}

function showChip(view, ctx) {
  ctx.state.query = queryOf(view, ctx)
  const list = ctx.region.querySelector(".chip-list")
  const chip = list.querySelector(".query")
  if (chip != null && list.scrollWidth > list.clientWidth) list.scrollLeft = chip.offsetLeft - list.clientWidth / 2
}

function tools(view, ctx) {
  const save = (kind) => (event) => {
    const menu = event.target.closest("details")
    menu.open = false
    menu.querySelector("summary").focus()
    exportStep(kind, ctx)
  }
  return html`<div class="tools" role="group" aria-label="This step">
    <details class="menu badge ${view.badge.kind}"><summary>${view.badge.label}</summary><div class="pop right words ${view.badge.card == null ? "" : "with-card"}">${view.badge.paragraphs.map((words) => html`<p>${maths(words, ctx)}</p>`)}${view.badge.card == null ? nothing : card(view.badge.card)}</div></details>
    <button class="ghost" data-action="table" data-control="table" aria-pressed=${view.table ? "true" : "false"} @click=${() => ctx.set({table: !view.table})}>${icon("table")}<span>Table</span></button>
    <details class="menu export"><summary data-action="export">${icon("download")}<span>Export</span></summary><div class="pop right">${["PNG", "SVG", "CSV"].map((kind) => html`<button data-export=${kind.toLowerCase()} @click=${save(kind)}>${kind} of this step</button>`)}</div></details>
  </div>`
}
