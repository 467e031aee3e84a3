// The score: the one total, what counts, what is open; each row leads to its place. And the way to hand it in.
import {html, nothing} from "lit-html"
import {icon} from "../icons.js"
import {options} from "../options.js"
import {later, t} from "../texts.js"

const SIGNS = {right: later("passed"), wrong: later("not yet"), open: later("open")}

const KEPT = {
  device: later("Your work is kept in this browser, on this device; a private window forgets it when it is closed."),
  course: later("Your place, your results and your score are kept with the course."),
  host: later("Your work and your score are kept by the page around this one."),
  nowhere: later("Nothing can be kept here (a private window, or a frame that forbids it): save your results before you leave."),
}

// What came of a row: [tries, first, right, looked], or nothing.
export const stateOf = ({result}) => (result == null || result[0] === 0 ? "open" : result[2] ? "right" : "wrong")

// What counts is a long list, which nobody sees before it is opened: until then it is not drawn.
export function score({score: found}, ctx) {
  if (found == null || found.of === 0) return nothing
  ctx.state.score = found
  const {points, of, open, rule, groups} = found
  const left = open === 0 ? t("Everything was tried.") : open === 1 ? t("One is open.") : t("{open} are open.", {open})
  const show = () => { if (!ctx.state.listed) { ctx.state.listed = true; ctx.redraw() } }
  return html`<details class="menu points" @toggle=${show}><summary data-action="score" @click=${show}><span class="vh">${t("Score:")} </span>${points}<span class="dim"> ${t("of {of}", {of})}</span>${icon("down")}</summary>
    <div class="pop right">${ctx.state.listed ? html`<p><b>${t("{points} of {of} points.", {points, of})}</b> ${left}</p><p class="dim">${rule}</p>
    <ul>${groups.filter(({kind}) => kind !== "prediction").map((group) => (group.kind === "check" ? questions(group) : group.rows.map((row) => entry(row, t(SIGNS[stateOf(row)]), stateOf(row)))))}</ul>${hand(found, ctx)}` : nothing}</div></details>`
}

// results.js writes the file.
const save = (found, name, programs = false) => dispatchEvent(new CustomEvent("attention-lab:save", {detail: {score: found, name, programs}}))

const storeOf = () => globalThis.attentionLab?.store ?? null

// A course keeps the score itself; anybody else may save it as a file, under a name that they type.
function hand(found, ctx) {
  const store = storeOf()
  const name = () => store?.person.name || ctx.state.learner || ""
  const named = (event) => { ctx.state.learner = event.target.value; store?.tell({name: event.target.value}) }
  return html`<div class="hand-in"><label>${t("Your name")} <input type="text" maxlength="200" autocomplete="name" .value=${name()} @change=${named}></label>
    <button data-action="save-results" @click=${() => save(found, name())}>${icon("download")} ${t("Save my results")}</button>
    ${store == null ? nothing : html`<button data-action="save-all" @click=${() => save(found, name(), true)}>${icon("download")} ${t("Save them with my programs (.zip)")}</button>`}
    <p class="dim">${t("To hand in. The file is your own report, and says so.")} ${store == null ? "" : t(KEPT[store.where] ?? "")}</p>
    ${store?.where === "device" ? html`<button data-action="someone-else" @click=${() => globalThis.attentionLab.startAnew()}>${t("Start as someone else")}</button>` : nothing}</div>`
}

// What is asked for by the page is saved as by the button.
export function listen(ctx) {
  const asked = () => save(ctx.state.score, storeOf()?.person.name ?? "")
  addEventListener("attention-lab:save-results", asked)
  return () => removeEventListener("attention-lab:save-results", asked)
}

// The questions of a lab stand at one place, and in one row.
function questions({title, rows}) {
  const right = rows.filter((row) => stateOf(row) === "right").length
  const state = right === rows.length ? "right" : rows.some((row) => stateOf(row) !== "open") ? "wrong" : "open"
  return entry({title: t("{title}: questions", {title}), opens: rows[0].opens}, t("{right} of {all}", {right, all: rows.length}), state)
}

function entry({title, opens, result}, sign, state) {
  const words = html`<span class="points-mark" aria-hidden="true">${state === "right" ? icon("check") : nothing}</span><span>${title}</span><span class="dim">${sign}${result?.[3] ? t(", solution seen") : ""}</span>`
  const close = (event) => { event.currentTarget.closest("details").open = false }
  return html`<li class="is-${state}">${options.locked.has("lab") ? html`<span>${words}</span>` : html`<a href=${opens} @click=${close}>${words}</a>`}</li>`
}
