// Names and what they are.
import {html, nothing} from "lit-html"
import {headed} from "../frame.js"
import {maths, plain} from "../maths.js"

export const element = {tag: "section"}

export function render(view, ctx) {
  return html`${headed(view, ctx)}<dl class="facts">${view.facts.map(({name, text, value, note}) => html`<div>
    <dt><bdi>${name}</bdi></dt><dd translate=${value == null ? nothing : "no"} data-value=${value ?? nothing}>${maths(text, ctx)}${note?.length ? html`<span class="note">${maths(note, ctx)}</span>` : nothing}</dd></div>`)}</dl>`
}

export const twins = ({label, facts}) => [{caption: label, columns: ["", ""], rows: facts.map(({name, value, text}) => [name, value ?? plain(text)])}]
