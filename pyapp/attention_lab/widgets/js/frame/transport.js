// Back, play, forward, and the steps as a line of dots.
import {html} from "lit-html"
import {icon} from "../icons.js"
import {later, t} from "../texts.js"

export const element = {tag: "nav", "aria-label": later("Steps")}
export const uses = () => ["step"]

export function render(view, ctx) {
  const {steps} = view
  const found = steps.findIndex(({id}) => id === ctx.values.step)
  const at = found >= 0 ? found : steps.findIndex(({id}) => id === view.current)
  const {playing} = ctx.player
  const move = (by) => () => { const next = steps[at + by]; if (next != null) ctx.go(next.id) }
  return html`<div class="go">
      <button data-action="back" aria-label=${t("Step back")} aria-disabled=${at === 0 ? "true" : "false"} @click=${move(-1)}>${icon("back")}</button>
      <button class="play" data-action="play" aria-label=${playing ? t("Pause") : t("Play all steps")} @click=${() => ctx.player.toggle()}>${icon(playing ? "pause" : "play")}</button>
      <button data-action="forward" aria-label=${t("Step forward")} aria-disabled=${at === steps.length - 1 ? "true" : "false"} @click=${move(1)}>${icon("forward")}</button>
    </div>
    <ol class="dots" .style="--steps:${steps.length}">${steps.map((step, i) => html`<li class=${i < at ? "done" : ""}><button data-step=${step.id} aria-current=${i === at ? "step" : "false"} aria-label=${step.label}
      @click=${() => ctx.go(step.id)}><span>${step.name}</span></button></li>`)}</ol>
    <p class="hint" aria-hidden="true"><kbd>←</kbd> <kbd>→</kbd> ${t("steps")} <kbd>${t("Space")}</kbd> ${t("play")}</p>`
}
