// What is said to a program: the verdict, what went wrong first, and every check as a sentence.
import {html, nothing} from "lit-html"
import {icon} from "../icons.js"
import {maths} from "../maths.js"
import {later, t} from "../texts.js"

export const element = {region: "graded"}

const SAID = {passed: later("passed"), failed: later("failed"), waiting: later("not reached")}

export function render(view, ctx) {
  const {state, title, words, line, facts, checks, note, links} = view
  return html`<h2>${view.label}</h2>
    <p class="verdict ${state}" role="status">${state === "passed" ? icon("check") : nothing}<b>${title}</b></p>
    ${words.map((each) => html`<p class="graded-words">${maths(each, ctx)}</p>`)}
    ${line == null ? nothing : html`<p class="graded-line"><span class="dim">${t("line {line}", {line: line[0]})}</span> <code>${line[1]}</code></p>`}
    ${facts.length === 0 ? nothing : html`<dl class="graded-facts">${facts.map(([name, text]) => html`<div><dt><code><bdi>${name}</bdi></code></dt><dd>${text}</dd></div>`)}</dl>`}
    ${checks.length === 0 ? nothing : html`<ol class="checked">${checks.map((each) => html`<li class=${each.state}><span class="mark" aria-hidden="true">${each.state === "passed" ? "✓" : each.state === "failed" ? "✗" : "·"}</span><span>${maths(each.text, ctx)}<span class="vh">: ${t(SAID[each.state])}</span></span></li>`)}</ol>`}
    ${links.length === 0 ? nothing : html`<p class="graded-links">${links.map((each, i) => button(each, i, ctx))}</p>`}
    ${note ? html`<p class="note">${note}</p>` : nothing}`
}

const button = ({label, set, href}, i, ctx) => href != null ? html`<a class="plain" data-action="go-${i}" href=${href}>${label}</a>` : html`<button class="plain" data-action="go-${i}" @click=${() => ctx.set(set)}>${label}</button>`
