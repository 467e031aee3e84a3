// The lesson's text for this step. Its HTML comes from the lab file, never from the learner.
import {html, nothing} from "lit-html"
import {unsafeHTML} from "lit-html/directives/unsafe-html.js"

export const element = {tag: "section", "aria-label": "Lesson"}

const LONG = 150   // characters of HTML from which on a phone offers to fold it; who folds it finds the next step folded, too

export function render(view, ctx) {
  const {state} = ctx
  const folds = ctx.small && view.html.length > LONG
  const toggle = () => { state.folded = !state.folded; ctx.redraw() }
  return html`<p class="eyebrow">${view.eyebrow}</p><h1>${view.title}</h1>
    <div class="prose ${folds && state.folded ? "folded" : ""}">${unsafeHTML(view.html)}</div>
    ${view.links?.length ? html`<p class="lesson-links">${view.links.map((each, i) => link(each, i, ctx))}</p>` : nothing}
    ${folds ? html`<button class="link-button more" data-action="more" aria-expanded=${state.folded ? "false" : "true"} @click=${toggle}>${state.folded ? "more" : "less"}<span class="vh"> of the lesson</span></button>` : nothing}`
}

// To another lab, by its address; or a change of settings.
function link({label, set, href}, i, ctx) {
  if (href != null) return html`<a class="link-button" href=${href}>${label}</a>`
  return html`<button class="link-button" data-action="lesson-${i}" @click=${() => ctx.set(set)}>${label}</button>`
}
