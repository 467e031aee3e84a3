// The learner's sentence, its tokens as chips that pick the query, and beside them what concerns the whole step: where the numbers
// come from, the table twins, the exports.
import {html, nothing} from "lit-html"
import {savesOf} from "../export.js"
import {icon} from "../icons.js"
import {maths} from "../maths.js"
import {card} from "../card.js"
import {chosenOf} from "../choice.js"
import {ifNothingCame, mayNotHaveCome} from "../saving.js"
import {later, t} from "../texts.js"

export const element = {tag: "section", "aria-label": later("Sentence")}
export const uses = ({field}) => field == null ? ["table"] : ["table", field.setting, ...Object.keys(field.chips[0]?.set ?? {})]

const MANY = 9      // tokens; a phone then scrolls them in one line, a larger screen makes them smaller
const PAUSE = 700   // ms without a key before the sentence is taken

export function render(view, ctx) {
  const {field, message} = view
  if (field == null) return html`${said(message)}${tools(view, ctx)}`
  const events = typing(field, ctx)
  return html`<div class="your-sentence">
      <label for="sentence">${field.label}</label>
      <input id="sentence" data-control="text" type="text" dir="auto" autocomplete="off" autocapitalize="off" spellcheck="false" enterkeyhint="done"
        aria-describedby="sentence-message" aria-invalid=${message?.kind === "error" ? "true" : "false"} @input=${events.input} @compositionend=${events.input} @keydown=${events.keydown} @blur=${events.blur}>
      ${said(message, field.status)}
    </div>
    ${field.chips.length === 0 ? nothing : chips(field, ctx)}
    ${tools(view, ctx)}`
}

function chips(field, ctx) {
  return html`<div class="chips" role="group" aria-label=${t("Pick the query token")}><span class="chips-label" aria-hidden="true">${field.chips_label}</span>
      <div translate="no" dir=${field.right_to_left ? "rtl" : "ltr"} class="chip-list ${field.chips.length > MANY ? "many" : ""}">${field.chips.map((token, i) => chip(token, i, field, ctx))}</div></div>`
}

// What there is to say: first what went wrong, else how the sentence stands.
function said(message, status) {
  const words = message == null
    ? status == null ? nothing : html`<p class="status ${status.kind}">${status.text}</p>`
    : html`<p role=${message.kind === "error" ? "alert" : nothing}>${message.kind === "error" ? icon("warning") : nothing}<span>${message.text}</span></p>`
  return html`<div id="sentence-message" class="message ${message?.kind ?? "none"}">${words}</div>`
}

function chip(token, i, field, ctx) {
  const query = queryOf(field, ctx)
  const mark = i === query ? "query" : i === field.key ? "key" : ""
  const title = token.short === token.text ? nothing : token.text
  return html`<button class="chip ${mark} ${token.pad ? "pad" : ""} ${token.spelled ? "spelled" : ""}" data-chip=${i} data-axis="key" data-index=${token.place ?? i} title=${title}
    aria-pressed=${i === query ? "true" : "false"} @click=${() => ctx.set(token.set)}><bdi>${token.short}</bdi>${mark === "key" ? html`<span class="vh">${t(", key")}</span>` : nothing}</button>`
}

// What was chosen a moment ago holds, even before Python has answered.
const queryOf = ({chips, query}, ctx) => chosenOf(chips.map(({set}) => set), ctx.values, query)

function typing({setting}, ctx) {
  const {state} = ctx
  const apply = (event) => {
    clearTimeout(state.timer)
    state.editing = event.type !== "blur" && event.key !== "Enter"
    state.sent = event.target.value
    ctx.set({[setting]: event.target.value})
    if (!state.editing) ctx.redraw()
  }
  return {
    input(event) {
      clearTimeout(state.timer)
      state.editing = true
      dispatchEvent(new CustomEvent("attention-lab:typed", {detail: {name: setting, value: event.target.value}}))   // web/pending.js keeps it
      if (!event.isComposing || event.type === "compositionend") state.timer = setTimeout(() => apply({type: "pause", target: event.target}), PAUSE)
    },
    keydown(event) { if (event.key === "Enter" && !event.isComposing) apply(event) },
    blur(event) { if (state.editing) apply(event) },
  }
}

// The input follows the learner's text, except while it is being written in.
export function after({field, message}, ctx) {
  const {state} = ctx
  if (field == null) return makeRoom(ctx)
  if (state.field !== field) Object.assign(state, {field, sent: state.field == null ? state.sent : null})   // Python has answered
  const input = ctx.region.querySelector("#sentence")
  const text = shown(field, message, ctx)
  input.readOnly = ctx.fixed(field.setting)
  if (!(state.editing && document.activeElement === input) && input.value !== text) input.value = text
  if (field.chips.length > 0 && state.query !== queryOf(field, ctx)) showChip(field, ctx)
}

// Where no sentence is written the tools may stand beside the heading of a picture: so wide are they, in this language (css/low.css).
function makeRoom({region}) {
  region.parentElement.style.setProperty("--tools", `${Math.ceil(region.querySelector(".tools").getBoundingClientRect().width)}px`)
}

// The learner's own text stays as it was typed, even where it was refused; a sentence of the lab is Python's.
function shown({setting, own, text}, message, {state, values}) {
  return state.sent ?? (own || message?.kind === "error" ? values[setting] : text)
}

function showChip(field, ctx) {
  ctx.state.query = queryOf(field, ctx)
  const list = ctx.region.querySelector(".chip-list")
  const chip = list.querySelector(".query")
  if (chip != null && list.scrollWidth > list.clientWidth) list.scrollLeft = chip.offsetLeft - list.clientWidth / 2
}

function tools(view, ctx) {
  const saving = (save) => (event) => {
    const menu = event.target.closest("details")
    menu.open = false
    menu.querySelector("summary").focus()
    save()
    mayNotHaveCome(ctx)
  }
  return html`<div class="tools" role="group" aria-label=${t("This step")}>
    ${view.badge == null ? nothing : html`<details class="menu badge ${view.badge.kind}"><summary>${view.badge.label}</summary><div class="pop right words ${view.badge.card == null ? "" : "with-card"}">${view.badge.paragraphs.map((words) => html`<p>${maths(words, ctx)}</p>`)}${view.badge.card == null ? nothing : card(view.badge.card)}</div></details>`}
    <button class="ghost" data-action="table" data-control="table" aria-pressed=${ctx.table ? "true" : "false"} @click=${() => ctx.set({table: !ctx.table})}>${icon("table")}<span>${t("Table")}</span></button>
    <details class="menu export"><summary data-action="export">${icon("download")}<span>${t("Export")}</span></summary><div class="pop right">${savesOf(ctx).map(({id, name, ways}) => html`<div class="saves" role="group" aria-label=${name}><span>${name}</span>${ways.map(({kind, save}) => html`<button data-export=${`${kind.toLowerCase()}${id === "" || id === "all" ? "" : ` ${id}`}`} @click=${saving(save)}>${kind}</button>`)}</div>`)}</div></details>
    ${ifNothingCame(ctx)}
  </div>`
}
