// The language of the page: a menu of those that there are, each called as its speakers call it. The page (web/boot.js) or the host says
// which there are; where that is one, there is nothing to choose. A small screen has the choice in the menu of the labs.
import {html, nothing} from "lit-html"
import {icon} from "../icons.js"
import {t} from "../texts.js"

const spoken = () => globalThis.attentionLab?.languages ?? globalThis.attentionLabSpoken ?? {names: {}}

export function languageMenu() {
  const {names, now} = spoken()
  if (Object.keys(names).length < 2) return nothing
  const named = t("Language: {name}", {name: names[now]})
  return html`<details class="menu languages"><summary data-action="language" aria-label=${named} title=${named}>${icon("languages")}<span lang=${now}>${names[now]}</span></summary>
    <div class="pop right">${languageChoice()}</div></details>`
}

export function languageChoice() {
  const {names, now, speak} = spoken()
  const codes = Object.keys(names)
  if (codes.length < 2) return nothing
  const choose = (code) => (event) => {
    const menu = event.currentTarget.closest("details")
    menu.open = false
    menu.querySelector("summary").focus()
    speak(code)
  }
  return html`<div class="language-choice" role="group" aria-label=${t("Language")}>${codes.map((code) => html`<button lang=${code} dir="auto" data-language=${code} aria-pressed=${code === now ? "true" : "false"} @click=${choose(code)}>${names[code]}</button>`)}</div>`
}
