// The lesson's text for this step. Its HTML comes from the lab file, never from the learner.
import {html, nothing} from "lit-html"
import {unsafeHTML} from "lit-html/directives/unsafe-html.js"
import {later, t} from "../texts.js"

export const element = {tag: "section", "aria-label": later("Lesson")}

const LONG = 150   // characters of HTML from which on a phone offers to fold it; who folds it finds the next step folded, too

export function render(view, ctx) {
  const {state} = ctx
  const folds = ctx.small && view.html.length > LONG
  const toggle = () => { state.folded = !state.folded; ctx.redraw() }
  return html`<p class="eyebrow">${view.eyebrow}</p><h1>${view.title}</h1>
    <div class="prose ${folds && state.folded ? "folded" : ""}">${unsafeHTML(view.html)}</div>
    ${view.words == null ? nothing : words(view.words, ctx)}
    ${view.links?.length ? html`<p class="lesson-links" role="group" aria-label=${t("Worth a look")}>${view.links.map((each, i) => link(each, i, ctx))}</p>` : nothing}
    ${folds ? html`<button class="link-button more" data-action="more" aria-expanded=${state.folded ? "false" : "true"} @click=${toggle}>${state.folded ? t("more") : t("less")}<span class="vh"> ${t("of the lesson")}</span></button>` : nothing}`
}

// The terms that this step shows: each opens its sentence, one at a time.
function words({label, terms}, ctx) {
  const {state} = ctx
  const open = terms.find(({term}) => term === state.term)
  const toggle = (term) => () => { state.term = state.term === term ? null : term; ctx.redraw() }
  return html`<div class="terms" role="group" aria-label=${label}><span aria-hidden="true">${label}:</span>
    ${terms.map(({term}) => html`<button class="term" data-action="term-${term}" aria-expanded=${term === open?.term ? "true" : "false"} @click=${toggle(term)}><bdi>${term}</bdi></button>`)}
    <p class="said" aria-live="polite">${open == null ? nothing : html`<b>${open.term}</b> ${open.said}`}</p></div>`
}

// To another lab, by its address; a change of settings; or both: the address is a state of its own, a click keeps what it does not name.
// A state that is on the screen is marked.
function link({label, set, href, here}, i, ctx) {
  const change = (event) => {
    if (set == null || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    ctx.set(set)
  }
  if (href != null) return html`<a class="link-button ${here == null ? "" : "state"}" data-action="lesson-${i}" aria-current=${here ? "true" : nothing} href=${href} @click=${change}>${label}</a>`
  return html`<button class="link-button" data-action="lesson-${i}" @click=${() => ctx.set(set)}>${label}</button>`
}
