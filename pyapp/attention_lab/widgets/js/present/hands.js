// A prediction before a class: for each option the hands that went up, typed; the answer beside them once it is asked for.
import {html, nothing} from "lit-html"
import {asked, codesIn} from "../codes.js"
import {icon} from "../icons.js"
import {maths} from "../maths.js"
import {placed, t} from "../texts.js"

const MOST = 999

const COUNTS = new Map()   // a prediction, among those of all labs -> a count for each option

export class Hands {
  constructor(present) {
    this.present = present
  }

  of(view) {
    const name = this.present.name(view)
    if (COUNTS.get(name)?.length !== view.options.length) COUNTS.set(name, view.options.map(() => null))
    return COUNTS.get(name)
  }

  render(view, ctx) {
    const counts = this.of(view)
    const shown = view.open && !this.present.veiled
    const all = counts.reduce((sum, count) => sum + (count ?? 0), 0)
    const write = (i) => (event) => { counts[i] = countOf(event.target.value); ctx.redraw() }
    return html`<p><b>${t("Predict.")}</b> ${maths(view.question, ctx)}</p>
      <ol class="hands ${view.options.length > 6 ? "many" : ""}">${view.options.map((text, i) => html`<li class=${shown && view.right.includes(i) ? "right" : ""}>
        <label for="hands-${i}">${shown && view.right.includes(i) ? icon("check") : nothing}<bdi>${text}</bdi>${shown && view.values[i] ? html` <span class="dim">${view.values[i]}</span>` : nothing}</label>
        <input id="hands-${i}" type="number" min="0" max=${MOST} inputmode="numeric" .value=${String(counts[i] ?? "")} @input=${write(i)} @keydown=${onward}>
        <span class="hand-bar"><i .style="width:${all > 0 ? (counts[i] ?? 0) / all * 100 : 0}%"></i></span><span class="hand-share">${all > 0 ? `${Math.round((counts[i] ?? 0) / all * 100)} %` : ""}</span></li>`)}</ol>
      <p class="hand-sum">${all > 1 ? t("{all} hands", {all}) : all === 1 ? t("1 hand") : t("Count the hands, type them, then show the answer.")}</p>
      ${this.codes(view, ctx)}
      ${shown ? html`<p class="hand-answer">${placed(t("computed: {answer}"), {answer: html`<b><bdi>${view.answer.label}</bdi></b> ${view.answer.value}`})}</p>` : view.open ? html`<p class="hand-answer">${placed(t("The answer is hidden: {key} or {other} shows it."), {key: html`<kbd>A</kbd>`, other: html`<kbd>${t("PageDown")}</kbd>`})}</p>` : nothing}`
  }

  // Codes of a poll in the place of hands: those of this question are counted, the others are told.
  codes(view, ctx) {
    const {state} = ctx
    const read = (event) => {
      const labs = ctx.view("header").labs.map(({name}) => name)
      const question = asked({lab: ctx.lab, key: view.key, options: view.options})
      const {codes, wrong} = codesIn(event.target.value, labs)
      const mine = codes.filter((code) => labs[code.lab] === ctx.lab && code.question === question)
      COUNTS.set(this.present.name(view), view.options.map((_, i) => mine.filter(({option}) => option === i).length))
      state.said = {key: view.key, others: codes.length - mine.length, wrong}
      ctx.redraw()
    }
    const {others = 0, wrong = []} = state.said?.key === view.key ? state.said : {}
    return html`<details class="hand-codes"><summary>${t("Codes of a poll")}</summary><label>${t("Paste the codes of the class")} <textarea rows="3" spellcheck="false" @input=${read}></textarea></label>
      <div role="status">${others > 0 ? html`<p>${t("{others} of another question, or of other settings: not counted.", {others})}</p>` : nothing}
      ${wrong.map(({line, text, wrong: why}) => html`<p>${placed(t("Line {line}, {text}: {why}.", {line, why}), {text: html`<bdi>“${text}”</bdi>`})}</p>`)}</div></details>`
  }
}

function countOf(text) {
  const count = Math.trunc(Number(text))
  return text.trim() === "" || !Number.isFinite(count) ? null : Math.max(0, Math.min(MOST, count))
}

// Enter goes on to the next option.
function onward(event) {
  if (event.key !== "Enter") return
  event.preventDefault()
  event.target.closest("li").nextElementSibling?.querySelector("input").focus()
}
