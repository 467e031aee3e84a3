// Where a learner writes a program and runs it. What is typed stays on the device; the page's runner runs it (web/runner.js).
import {html, nothing} from "lit-html"
import {Coding} from "../coding.js"
import {icon} from "../icons.js"
import {ifNothingCame, mayNotHaveCome, saveAs} from "../saving.js"
import {later, placed, t} from "../texts.js"

export const element = {region: "editor"}

const runnerOf = () => globalThis.attentionLab?.runner ?? null
const SOON = 300   // ms until it is looked again whether Python is there

export function render(view, ctx) {
  const runner = runnerOf()
  if (runner == null) return elsewhere(view)
  const coding = codingOf(view, ctx)
  return html`<div class="block-head"><h2>${view.label}</h2>${status(view, coding, runner)}</div>
    <div class="code-host" data-scrolls @keydown=${(event) => event.stopPropagation()}></div>
    ${coding.editor == null ? html`<pre class="code-waiting" aria-hidden="true">${coding.text}</pre>` : nothing}
    <div class="editor-bar">
      ${coding.shown === "running" ? html`<button class="plain stop" data-action="stop" @click=${() => runner.stop()}>${t("Stop")}</button>`
        : html`<button class="plain run" data-action="run" aria-keyshortcuts="Control+Enter" aria-disabled=${coding.shown !== "idle" || coding.editor == null ? "true" : "false"} @click=${() => coding.run(view)}>${icon("play")}<span>${t("Run")}</span> <kbd aria-hidden="true">${t("Ctrl ↵")}</kbd></button>`}
      ${coding.undo == null ? html`<button class="plain" data-action="reset" ?disabled=${coding.text === coding.starter} @click=${() => coding.reset()}>${t("Start over")}</button>`
        : html`<button class="plain" data-action="undo-reset" @click=${() => coding.undoReset()}>${t("Undo: my text again")}</button>`}
      ${versions(coding)}
      ${more(view, coding)}
    </div>
    ${notices(coding)}`
}

export function after(view, ctx) {
  const {coding} = ctx.state
  if (coding == null) return
  const runner = runnerOf()
  ctx.state.heard ??= listen(ctx)
  if (!ctx.alive) return setTimeout(() => ctx.redraw(), SOON)   // nothing of it is loaded while the lab starts
  if (runner.told.state === "away") runner.open()
  coding.mount(ctx.region.querySelector(".code-host"), t("{label}. Tab indents; Escape leaves the editor; Control and Enter runs.", {label: view.label}), {
    run: () => coding.run(ctx.state.view),
    left: () => ctx.region.querySelector("[data-action=run], [data-action=stop]")?.focus(),
  })
  ctx.state.view = view
  coding.follow(view)
  if (view.turn === coding.turn && coding.stage === "idle") coding.tell(view)
}

export function leave(ctx) {
  ctx.state.heard?.()
  ctx.state.coding?.close()
  runnerOf()?.close()
}

// Each exercise has a program of its own.
function codingOf(view, ctx) {
  const {coding} = ctx.state
  if (coding?.id === view.id) return coding
  coding?.close()
  const next = ctx.state.coding = new Coding(view, ctx)
  return next
}

function listen(ctx) {
  const changed = () => { if (!ctx.state.coding?.unseen) ctx.redraw() }
  const told = ["attention-lab:runner", "attention-lab:elsewhere"]
  for (const name of told) addEventListener(name, changed)
  return () => { for (const name of told) removeEventListener(name, changed) }
}

const STARTING = later("Python for your code is starting")

// What happens now; when nothing does, how the last run ended.
function status(view, coding, {told}) {
  const last = view.turn === coding.turn ? view.said : ""
  if (coding.shown === "idle" && last !== "") return html`<span class="editor-status" role="status"><b>${last}</b></span>`
  const words = {
    idle: told.state === "starting" ? t(STARTING) : "",
    asked: t("Making inputs"),
    running: told.state === "running" ? running(coding) : t(STARTING),
    judged: t("Comparing"),
  }[coding.shown]
  return html`<span class="editor-status" role="status">${words}${words ? html`<i aria-hidden="true">…</i>` : nothing}</span>`
}

// Seconds are for the eye only: read aloud, each would interrupt.
function running(coding) {
  coding.since ||= performance.now()
  const past = Math.min(coding.seconds, Math.floor((performance.now() - coding.since) / 1000))
  return html`${t("Running")}<span aria-hidden="true">${t(", {past} of {seconds} s", {past, seconds: coding.seconds})}</span>`
}

function notices(coding) {
  const failed = runnerOf().told.state === "failed"
  return html`${coding.notice ? html`<p class="notice" role="alert">${coding.notice}</p>` : nothing}
    ${failed ? html`<p class="notice" role="alert">${t("Python for your code could not start: {why}", {why: runnerOf().told.why})} <button class="link-button" data-action="again" @click=${() => runnerOf().open()}>${t("Try again")}</button></p>` : nothing}
    ${coding.other == null ? nothing : html`<p class="notice" role="status">${placed(t("This was changed in another tab. {take}; this one stays among your versions."), {
      take: html`<button class="link-button" data-action="theirs" @click=${() => coding.takeTheirs()}>${t("Take that text")}</button>`,
    })}</p>`}
    ${whereKept(coding)}`
}

// With a course, what it has no room for is on this device only.
function whereKept(coding) {
  const {elsewhere} = globalThis.attentionLab.store
  const there = elsewhere?.get(coding.id)
  if (there) return nothing
  if (!coding.kept) return html`<p class="notice">${t("This page cannot keep anything on this device (a private window, or a frame that forbids it). Save what you write before you leave.")}</p>`
  return there === false ? html`<p class="notice" data-kept="device">${t("The course has no room for this program: it is kept on this device only. Save it as a file before you go elsewhere.")}</p>` : nothing
}

const TIME = {month: "short", day: "numeric", hour: "2-digit", minute: "2-digit"}
let clock = null   // when it is asked for: making one takes a tenth of the time until the first paint of a visit
const time = (at) => (clock ??= new Intl.DateTimeFormat([], TIME)).format(new Date(at))

function versions(coding) {
  const pick = (text) => (event) => {
    event.currentTarget.closest("details").open = false
    coding.put(text)
    coding.ctx.redraw()
    coding.editor?.focus()
  }
  if (coding.versions.length === 0) return nothing
  return html`<details class="menu versions"><summary class="ghost">${t("Versions")}${icon("down")}</summary><div class="pop"><ol>${[...coding.versions].reverse().map(({text, at, said}) =>
    html`<li><button @click=${pick(text)}><time>${time(at)}</time><span class="dim">${said}</span></button></li>`)}</ol></div></details>`
}

function more(view, coding) {
  const save = () => {
    saveAs(new Blob([coding.text], {type: "text/x-python"}), view.file)
    mayNotHaveCome(coding.ctx)
  }
  const read = async (event) => {
    const [file] = event.target.files
    event.target.value = ""
    if (file != null) coding.put(await file.text())
    coding.ctx.redraw()
  }
  const close = (act) => (event) => { event.currentTarget.closest("details").open = false; act(event) }
  return html`<details class="menu more-menu"><summary class="ghost">${t("File")}${icon("down")}</summary><div class="pop">
      <button data-action="save-code" @click=${close(save)}>${t("Save as {file}", {file: view.file})}</button>
      <button data-action="open-code" @click=${close((event) => event.currentTarget.closest(".editor-bar").querySelector("input[type=file]").click())}>${t("Open a .py file")}</button>
      <label class="switch"><input type="checkbox" .checked=${coding.same} @change=${(event) => coding.again(event.target.checked)}> <span>${t("Next run with the same numbers")}</span></label>
    </div></details><input type="file" accept=".py,text/x-python" hidden aria-label=${t("A Python file")} @change=${read}>${ifNothingCame(coding.ctx)}`
}

function elsewhere(view) {
  return html`<div class="block-head"><h2>${view.label}</h2></div><pre class="code-waiting" tabindex="0" data-scrolls aria-label=${view.label}><code>${view.starter}</code></pre><p class="note">${view.elsewhere}</p>`
}
