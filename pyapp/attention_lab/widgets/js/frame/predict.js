// Predict, then reveal: a question about this step, the guess kept beside the computed answer; it can be skipped.
import {html, nothing} from "lit-html"
import {classCode} from "../classcode.js"
import {maths} from "../maths.js"
import {later, t} from "../texts.js"

export const element = {tag: "section", "aria-label": later("Prediction")}
export const uses = () => ["guesses", "revealed"]

export function render(view, ctx) {
  if (ctx.present != null) return ctx.present.hands.render(view, ctx)
  const {key} = view
  const {values} = ctx
  const guess = values.guesses[key] ?? view.guess
  const choose = (index) => ctx.set({guesses: {...values.guesses, [key]: index}})
  const reveal = () => ctx.set({revealed: [...values.revealed.filter((one) => one !== key), key]})
  const again = () => {
    const {[key]: _, ...guesses} = values.guesses
    ctx.set({guesses, revealed: values.revealed.filter((one) => one !== key)})
  }
  const question = html`<b>${t("Predict.")}</b> ${maths(view.question, ctx)}`
  const asked = ctx.small ? html`<details class="folding"><summary>${question}</summary></details>` : html`<p>${question}</p>`
  if (view.open) return html`${asked}${verdict(view, ctx)}${view.can_hide ? html`<button class="link-button" data-action="again" @click=${again}>${t("guess again")}</button>` : nothing}`
  const skip = html`<button class="link-button" data-action="reveal" @click=${reveal}>${guess == null ? t("skip") : t("show now")}</button>`
  const picks = html`<div class="picks ${view.options.length > 9 ? "many-picks" : ""}" role="group" aria-label=${t("Your guess")}>${view.options.map((text, i) => html`<button data-guess=${i} aria-pressed=${i === guess ? "true" : "false"} @click=${() => choose(i)}><bdi>${text}</bdi></button>`)}</div>
    ${guess == null ? nothing : html`<p class="dim kept">${t("Kept. You will see it again beside the answer.")}</p>${classCode(view, guess, ctx)}`}`
  // On a phone the question folds away, so that the matrices start higher.
  if (ctx.small) return html`<details class="folding"><summary>${question}</summary>${picks}${skip}</details>`
  return html`<p>${question} ${skip}</p>${picks}`
}

// Once a guess is answered where it was made, what was computed is said.
export function after({key, open, answer}, ctx) {
  const {asked} = ctx.state
  const {step} = ctx.values
  if (open && asked?.key === key && asked.step === step && !asked.open) ctx.say(`${t("computed")}: ${answer.label} ${answer.value}`)
  ctx.state.asked = {key, step, open}
}

function verdict({yours, answer}, ctx) {
  const line = (name, it) => it == null ? nothing : html`<div><dt>${name}</dt><dd translate="no"><bdi>${it.label}</bdi> ${it.value}</dd></div>`
  return html`<dl class="verdict ${yours == null ? "" : yours.right ? "right" : "wrong"}">${line(yours?.right ? t("your guess, right") : t("your guess"), yours)}${line(t("computed"), answer)}</dl>
    ${yours?.why == null ? nothing : html`<p class="why">${maths(yours.why, ctx)}</p>`}`
}
