// The lesson's text for this step. Its HTML comes from the lab file, never from the learner.
import {html, nothing} from "lit-html"
import {unsafeHTML} from "lit-html/directives/unsafe-html.js"

export const element = {tag: "section", "aria-label": "Lesson"}

const LONG = 150   // characters of HTML that a phone shows before "more"

export function render(view, ctx) {
  const {state} = ctx
  if (state.title !== view.title) Object.assign(state, {title: view.title, open: false})
  const folds = ctx.small && view.html.length > LONG
  const toggle = () => { state.open = !state.open; ctx.redraw() }
  return html`<p class="eyebrow">${view.eyebrow}</p><h1>${view.title}</h1>
    <div class="prose ${folds && !state.open ? "folded" : ""}">${unsafeHTML(view.html)}</div>
    ${view.links?.length ? html`<p class="lesson-links">${view.links.map((each, i) => link(each, i, ctx))}</p>` : nothing}
    ${folds ? html`<button class="link-button more" data-action="more" aria-expanded=${state.open ? "true" : "false"} @click=${toggle}>${state.open ? "less" : "more"}<span class="vh"> of the lesson</span></button>` : nothing}`
}

// To another lab, by its address; or a change of settings.
function link({label, set, href}, i, ctx) {
  if (href != null) return html`<a class="link-button" href=${href}>${label}</a>`
  return html`<button class="link-button" data-action="lesson-${i}" @click=${() => ctx.set(set)}>${label}</button>`
}
