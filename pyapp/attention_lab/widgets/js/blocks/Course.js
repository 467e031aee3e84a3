// The map of the course: every lab in its part, how long it takes, and how much of it was done. It can be forgotten again.
import {html, nothing} from "lit-html"
import {t} from "../texts.js"

export const element = {region: "course"}

export function render({label, labs}, ctx) {
  const parts = [...new Set(labs.map(({part}) => part))]
  const done = labs.some(({seen, current}) => seen > (current ? 1 : 0))
  const forget = () => { ctx.house.kept = "forget"; ctx.say(t("Your progress is forgotten")) }
  return html`<h2>${label}</h2>${parts.map((part) => html`<h3>${part}</h3><ul class="course">${labs.filter((lab) => lab.part === part).map((lab) => entry(lab, ctx))}</ul>`)}
    ${done ? html`<p class="note">${t("Kept on this device.")} <button class="link-button" data-action="forget" @click=${forget}>${t("Forget my progress")}</button></p>` : nothing}`
}

function entry(lab, ctx) {
  const visit = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    ctx.visit(lab.name)
  }
  const share = Math.min(1, lab.seen / lab.steps)
  return html`<li><a href=${lab.href} data-lab=${lab.name} aria-current=${lab.current ? "page" : nothing} @click=${visit}><span class="course-title">${lab.title}</span><span class="dim">${lab.question || nothing}</span>
    <span class="course-bar" aria-hidden="true"><i .style="width:${share * 100}%"></i></span><span class="course-time">${lab.seen > 0 ? t("{seen} of {steps}", lab) : t("{minutes} min", lab)}<span class="vh">${lab.seen > 0 ? ` ${lab.unit}` : ""}</span></span></a></li>`
}
