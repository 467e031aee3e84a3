// The score: the one total, what counts, what is open. Each row leads to its place.
import {html, nothing} from "lit-html"
import {icon} from "../icons.js"
import {options} from "../options.js"
import {later, t} from "../texts.js"

const SIGNS = {right: later("passed"), wrong: later("not yet"), open: later("open")}

// What came of a row: [tries, first, right, looked], or nothing.
export const stateOf = ({result}) => (result == null || result[0] === 0 ? "open" : result[2] ? "right" : "wrong")

export function score({score: found}) {
  if (found == null) return nothing
  const {points, of, open, rule, groups} = found
  const left = open === 0 ? t("Everything was tried.") : open === 1 ? t("One is open.") : t("{open} are open.", {open})
  return html`<details class="menu points"><summary data-action="score"><span class="vh">${t("Score:")} </span>${points}<span class="dim"> ${t("of {of}", {of})}</span>${icon("down")}</summary>
    <div class="pop right"><p><b>${t("{points} of {of} points.", {points, of})}</b> ${left}</p><p class="dim">${rule}</p>
    <ul>${groups.filter(({kind}) => kind !== "prediction").map((group) => (group.kind === "check" ? questions(group) : group.rows.map((row) => entry(row, t(SIGNS[stateOf(row)]), stateOf(row)))))}</ul></div></details>`
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
