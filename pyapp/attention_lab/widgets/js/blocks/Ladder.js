// Hints, one after the other: those that are open, and a button for the next. Their HTML comes from the exercise's files, never from
// the learner.
import {html, nothing} from "lit-html"
import {unsafeHTML} from "lit-html/directives/unsafe-html.js"
import {t} from "../texts.js"

export const element = {region: "ladder"}

export function render(view, ctx) {
  const {open, next, left, note} = view
  const take = () => { ctx.set(next.set); ctx.say(t("A hint is open")) }
  return html`<h2>${view.label}</h2>
    <ol class="rungs">${open.map(({title, html: text}) => html`<li>${title ? html`<b>${title}</b>` : nothing}<div class="prose">${unsafeHTML(text)}</div></li>`)}</ol>
    ${next == null ? nothing : html`<button class="plain" data-action="hint" @click=${take}>${next.title}</button><span class="note"> ${left === 1 ? t("the last one") : t("{left} left", {left})}</span>`}
    ${note ? html`<p class="note">${note}</p>` : nothing}`
}
