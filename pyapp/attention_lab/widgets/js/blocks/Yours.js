// The learner's own function in the place of the library's: the page reads their program from where it is kept, and its runner runs it
// on what this state asks (web/runner.js). It runs once for each program and state, while it is switched on.
import {html, nothing} from "lit-html"
import {listenToTabs, programOf} from "../kept-code.js"
import {maths} from "../maths.js"
import {placed, t} from "../texts.js"

export const element = {region: "yours"}

const PAUSE = 250   // ms without a change before it runs

const runnerOf = () => globalThis.attentionLab?.runner ?? null
const ran = new Map()   // exercise -> {about, program}: what was run of it last

export function render(view, ctx) {
  if (runnerOf() == null) return html`<h2>${view.label}</h2><p class="note">${t("The page of the lab runs it.")}</p>`
  const notice = ctx.state.notice || ctx.state.failed
  return html`<div class="block-head"><h2>${view.label}</h2>${view.options.map(({name, set, on}) =>
      html`<button class="plain" data-action="use-${name}" aria-pressed=${on ? "true" : "false"} @click=${() => ctx.set(set)}>${placed(t("Use my {name}"), {name: html`<code>${name}</code>`})}</button>`)}</div>
    ${view.use === "" ? nothing : html`<p role="status">${notice || status(view, ctx)} ${view.edit ? html`<a class="link-button" href=${view.edit}>${t("Edit it")}</a>` : nothing}</p>`}
    ${view.badges.length === 0 ? nothing : html`<ul class="whose">${view.badges.map(({kind, label, text}) => html`<li><span class="badge-only ${kind}">${label}</span> ${text}</li>`)}</ul>`}
    ${view.beside.length === 0 ? nothing : html`<div class="beside" tabindex="0" role="region" aria-label=${t("One row, yours and the library’s")} data-scrolls><table><tbody>${view.beside.map(({kind, label, numbers}) =>
      html`<tr class=${kind}><th scope="row">${label}</th>${numbers.map((each) => html`<td>${each}</td>`)}</tr>`)}</tbody></table></div>`}
    ${view.gap === "" ? nothing : html`<p class="gap">${placed(t("Largest difference from the library: {gap}"), {gap: html`<b>${view.gap}</b>`})}</p>`}`
}

const status = (view, ctx) => maths(view.words, ctx)

export function after(view, ctx) {
  const runner = runnerOf()
  if (runner == null || !ctx.alive) return
  const {state} = ctx
  state.view = view
  clearTimeout(state.timer)
  if (view.use === "") {
    ran.clear()
    return close(state, runner)
  }
  state.deaf ??= listenToTabs(() => ctx.redraw())
  const program = programOf(view.use)
  const notice = program == null ? t("Your {name} is not kept on this device: write it again, or open its file there.", {name: view.name}) : ""
  if (notice !== (state.notice ?? "")) { state.notice = notice; ctx.redraw() }
  if (program == null || state.running) return
  const last = ran.get(view.use)
  if (last?.about === view.about && last.program === program) return
  state.timer = setTimeout(() => run(view, program, ctx), PAUSE)
}

export function leave(ctx) {
  clearTimeout(ctx.state.timer)
  ctx.state.deaf?.()
  close(ctx.state, runnerOf())
}

async function run(view, program, ctx) {
  const {state} = ctx
  const runner = runnerOf()
  state.running = view
  state.opened = true
  state.failed = ""
  ran.set(view.use, {about: view.about, program})
  try {
    const answer = await runner.run(withProgram(view.request, program), view.seconds)
    if (state.running !== view) ran.delete(view.use)   // it was switched off
    else ctx.set({[view.send]: {about: view.about, ...answer}})
  } catch (error) {
    state.failed = t("Your code was not run: {why}", {why: error?.error?.what ?? error?.message ?? error})
  } finally {
    if (state.running === view) state.running = null
    ctx.redraw()
  }
}

// The request is text that JSON.parse would change: in JavaScript 1.0 and 1 are the same.
const withProgram = (request, program) => `${request.slice(0, -1)}, "source": ${JSON.stringify(program)}}`

function close(state, runner) {
  if (!state.opened) return
  Object.assign(state, {opened: false, running: null, notice: "", failed: ""})
  runner?.close()
}
