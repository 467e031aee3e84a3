// Things to do, in groups: each with its name, why it matters, and how far it is.
import {html, nothing} from "lit-html"
import {icon} from "../icons.js"
import {maths} from "../maths.js"

export const element = {region: "tasks"}

export function render({label, groups, note, words}, ctx) {
  return html`<h2>${label}</h2>${groups.map(([title, tasks]) => html`<h3>${title}</h3><ul class="tasks">${tasks.map((each) => task(each, words, ctx))}</ul>`)}
    ${note ? html`<p class="note">${note}</p>` : nothing}`
}

function task({title, text, set, state, sign}, words, ctx) {
  const locked = Object.keys(set).some((name) => ctx.fixed(name))
  return html`<li class=${state}><button data-task=${Object.values(set).join(" ")} ?disabled=${locked} @click=${() => ctx.set(set)}><span class="task-mark" aria-hidden="true">${state === "passed" ? icon("check") : nothing}</span>
    <span class="task-title">${maths(title, ctx)}${sign ? html` <span class="task-sign">${sign}</span>` : nothing}</span><span class="task-text">${text}</span>${words[state] ? html`<span class="task-state">${words[state]}</span>` : nothing}</button></li>`
}
