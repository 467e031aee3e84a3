// The code of a guess, for the teacher's poll: shown when it is asked for, with the same as a QR code where there is what draws one.
import {html, nothing} from "lit-html"
import {encode} from "./codes.js"
import {t} from "./texts.js"

export const drawing = {qr: null}   // (text, label) -> an SVG element; index.js sets it, the first paint does without

export function classCode(view, guess, ctx) {
  const code = codeOf(view, guess, ctx)
  if (code == null) return nothing
  const {state} = ctx
  if (state.code?.key !== view.key) state.code = {key: view.key, open: false}
  const {open} = state.code
  const toggle = () => { state.code.open = !open; ctx.redraw() }
  return html`<div class="class-code"><button class="link-button" data-action="class-code" aria-expanded=${open ? "true" : "false"} @click=${toggle}>${t("code for a class poll")}</button>
    ${open ? html`<p><b translate="no">${code}</b> <span class="dim">${t("Give it to your teacher. It says what you chose, not who you are.")}</span></p>${drawing.qr?.(code, t("The code {code}", {code})) ?? nothing}` : nothing}</div>`
}

export function codeOf({key, options}, option, ctx) {
  const labs = (ctx.view("header")?.labs ?? []).map(({name}) => name)
  const step = (ctx.view("transport")?.steps ?? []).findIndex(({id}) => id === ctx.values.step)
  return encode({labs, lab: ctx.lab, step, key, options, option})
}
