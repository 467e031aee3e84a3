// The learner's sentence, its tokens as chips that pick the query, and beside them what concerns the whole step: where the numbers
// come from, the table twins, the exports.
import {html, nothing} from "lit-html"
import {exportStep} from "../export.js"
import {icon} from "../icons.js"
import {maths} from "../maths.js"

export const element = {tag: "section", "aria-label": "Sentence"}
export const uses = ["text", "query"]

const MANY = 9      // tokens; a phone then scrolls them in one line, a larger screen makes them smaller
const PAUSE = 700   // ms without a key before the sentence is taken

export function render(view, ctx) {
  const {message} = view
  const events = typing(ctx)
  return html`<div class="your-sentence">
      <label for="sentence">${view.label}</label>
      <input id="sentence" data-control="text" type="text" dir="auto" autocomplete="off" autocapitalize="off" spellcheck="false" enterkeyhint="done"
        aria-describedby="sentence-message" aria-invalid=${message?.kind === "error" ? "true" : "false"} @input=${events.input} @keydown=${events.keydown} @blur=${events.blur}>
      <div id="sentence-message" class="message ${message?.kind ?? "none"}">${message == null ? nothing : html`<p role=${message.kind === "error" ? "alert" : nothing}>${message.kind === "error" ? icon("warning") : nothing}<span>${message.text}</span></p>`}</div>
    </div>
    <div class="chips" role="group" aria-label="Pick the query token"><span class="chips-label" aria-hidden="true">Query</span>
      <div class="chip-list ${view.chips.length > MANY ? "many" : ""}">${view.chips.map((token, i) => chip(token, i, view, ctx))}</div></div>
    ${tools(view, ctx)}`
}

function chip(token, i, view, ctx) {
  const query = ctx.learner.query < view.chips.length ? ctx.learner.query : view.query
  const mark = i === query ? "query" : i === view.key ? "key" : ""
  const title = token.short === token.text ? nothing : token.text
  return html`<button class="chip ${mark} ${token.pad ? "pad" : ""} ${token.spelled ? "spelled" : ""}" data-chip=${i} data-axis="key" data-index=${i} title=${title}
    aria-pressed=${i === query ? "true" : "false"} @click=${() => ctx.set({query: i})}><bdi>${token.short}</bdi>${mark === "key" ? html`<span class="vh">, key</span>` : nothing}</button>`
}

function typing(ctx) {
  const {state} = ctx
  const apply = (event) => {
    clearTimeout(state.timer)
    state.editing = event.type !== "blur" && event.key !== "Enter"
    ctx.set({text: event.target.value})
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
  const {text} = ctx.learner
  input.readOnly = ctx.locked("text")
  if (!(ctx.state.editing && document.activeElement === input) && input.value !== text) input.value = text
  if (ctx.state.query !== ctx.learner.query) showChip(ctx)
}

function showChip(ctx) {
  ctx.state.query = ctx.learner.query
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
    <details class="menu badge ${view.badge.kind}"><summary>${view.badge.label}</summary><div class="pop right words">${view.badge.paragraphs.map((words) => html`<p>${maths(words, ctx)}</p>`)}</div></details>
    <button class="ghost" data-action="table" data-control="table" aria-pressed=${view.table ? "true" : "false"} @click=${() => ctx.set({table: !view.table})}>${icon("table")}<span>Table</span></button>
    <details class="menu export"><summary data-action="export">${icon("download")}<span>Export</span></summary><div class="pop right">${["PNG", "SVG", "CSV"].map((kind) => html`<button data-export=${kind.toLowerCase()} @click=${save(kind)}>${kind} of this step</button>`)}</div></details>
  </div>`
}
