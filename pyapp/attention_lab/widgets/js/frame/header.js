// The header: where you are, the labs, a place for the kernel's status (the shell fills it), share and theme.
import {html, nothing} from "lit-html"
import {icon} from "../icons.js"
import {languageChoice, languageMenu} from "./languages.js"
import {listen, score} from "./score.js"
import {t} from "../texts.js"

export const element = {tag: "header"}

export function render(view, ctx) {
  const {other} = ctx.theme
  const here = view.labs.findIndex((lab) => lab.current)
  return html`<span class="brand">${view.brand}</span>
    <details class="menu labs"><summary>${progress(view, here)}<span class="lab-name">${view.lab}</span>${icon("down")}</summary>
      <nav class="pop" aria-label=${t("Labs")}><ol>${view.labs.map((lab, i) => html`<li><a href=${lab.href} data-lab=${lab.name} @click=${(event) => visit(event, lab.name, ctx)} aria-current=${lab.current ? "page" : nothing}>${view.labs.length > 1 ? `${i + 1}. ` : ""}${lab.title}<span class="dim">${lab.seen > 0 ? t("{seen} of {steps} {unit}", lab) : t("{minutes} minutes", lab)}</span></a></li>`)}</ol>${languageChoice()}</nav>
    </details>
    <div id="kernel-status"></div>
    ${score(view, ctx)}
    ${languageMenu()}
    ${sharing(ctx)}
    <button class="ghost" data-action="theme" aria-label=${other === "dark" ? t("Switch to the dark theme") : t("Switch to the light theme")} @click=${() => ctx.theme.toggle()}>${icon("contrast")}<span>${other === "dark" ? t("Dark") : t("Light")}</span></button>`
}

export function after(view, ctx) {
  ctx.state.deaf ??= listen(ctx)
}

export const leave = (ctx) => ctx.state.deaf?.()

// A lab is as it was left; its address, in another tab, is a lab from the beginning.
function visit(event, lab, ctx) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  event.currentTarget.closest("details").open = false
  ctx.visit(lab)
}

function progress({labs}, here) {
  return html`<span class="progress" aria-hidden="true">${labs.map(({seen, steps}, i) => html`<i class=${i === here ? "now" : ""}><b .style="width:${Math.min(1, seen / steps) * 100}%"></b></i>`)}</span>`
}

const ofDisk = (link) => html`<p>${t("This page was opened from disk: its link works on this computer only.")}</p>
  <label>${t("The state, to be put behind any address of the lab")} <input class="link-field" data-link="state" readonly .value=${link.state}></label>
  <label>${t("The link, for this computer")} <input class="link-field" data-link="whole" readonly .value=${link.address}></label>`

// Where the clipboard is closed to the page, the link is shown, selected, to be copied by hand. A page from disk has a link for this
// computer alone: there the state is given as text, to be put behind any other address of the lab.
function sharing(ctx) {
  const {state, link} = ctx
  const say = (words) => { state.shared = words; ctx.say(words); ctx.redraw(); setTimeout(() => { state.shared = null; ctx.redraw() }, 1800) }
  const share = async () => {
    if (!link.isOfDisk && await link.copy()) return say(t("Link copied"))
    state.byHand = true
    ctx.redraw()
    requestAnimationFrame(() => { const field = ctx.region.querySelector(".link-field"); field?.focus(); field?.select() })
  }
  const close = (event) => {
    if (event.key !== "Escape" && event.type !== "click") return
    state.byHand = false
    ctx.redraw()
    ctx.region.querySelector("[data-action=share]").focus()
  }
  return html`<div class="menu share"><button class="ghost" data-action="share" aria-label=${t("Share: copy a link to this state")} @click=${share}>${icon("share")}<span>${state.shared ?? t("Share")}</span></button>
    ${state.byHand ? html`<div class="pop right" data-pop @keydown=${close}>${link.isOfDisk ? ofDisk(link) : html`<label>${t("Copy this link")} <input class="link-field" readonly .value=${link.address}></label>`}<button class="plain" data-action="close" @click=${close}>${t("Close")}</button></div>` : nothing}</div>`
}
