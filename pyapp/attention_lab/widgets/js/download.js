// A download that the learner is asked about first: its size, its progress, a way to cancel. The page fetches it; this only asks and shows.
import {html, nothing} from "lit-html"
import {t} from "./texts.js"

export const MINILM = "minilm"

const told = {}   // the last that the page said of each download, since this script was there
addEventListener("attention-lab:optional", ({detail}) => { told[detail.name] = detail })

export const stateOf = (name) => told[name] ?? globalThis.attentionLab?.optional?.[name] ?? {name, state: "absent"}

export function listen(name, changed) {
  const heard = (event) => { if (event.detail?.name === name) changed() }
  addEventListener("attention-lab:optional", heard)
  return () => removeEventListener("attention-lab:optional", heard)
}

const ask = (what, name) => dispatchEvent(new CustomEvent(`attention-lab:${what}`, {detail: {name}}))
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`

export function download(name, ctx) {
  ctx.state.listening ??= listen(name, () => ctx.redraw())
  const {state, bytes, loaded = 0, total, why} = stateOf(name)
  const whole = total ?? bytes ?? 0
  const size = whole > 0 ? ` (${megabytes(whole)})` : ""
  const get = (label) => html`<button class="plain" data-action="fetch" @click=${() => ask("fetch", name)}>${label}${size}</button>`
  if (state === "absent") return html`<p class="download dim">${t("This copy of the lab comes without it.")}</p>`
  if (state === "loading") return html`<div class="download"><progress max="1" .value=${whole > 0 ? loaded / whole : 0} aria-label=${t("Download of {name}", {name})}></progress>
    <span class="dim">${t("{loaded} of {whole}", {loaded: megabytes(loaded), whole: megabytes(whole)})}</span><button class="link-button" data-action="cancel" @click=${() => ask("cancel", name)}>${t("Cancel")}</button></div>`
  if (state === "ready") return html`<p class="download dim">${t("Starting…")}</p>`
  return html`<div class="download">${state === "failed" ? html`<p role="alert">${why ? t("It did not arrive: {why}. The other models work without it.", {why}) : t("It did not arrive. The other models work without it.")}</p>` : nothing}${get(state === "available" ? t("Download") : t("Try again"))}</div>`
}
