// A row of choices of which one holds: a radio group, one tab stop, the arrows move and choose.
import {html, nothing} from "lit-html"

export function segments({label, value, options, pick, disabled = false}) {
  const chosen = options.findIndex((option) => option.value === value)
  const keydown = (event) => {
    const by = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1}[event.key]
    if (by == null) return
    event.preventDefault()
    const buttons = [...event.currentTarget.querySelectorAll("[role=radio]:not([aria-disabled=true])")]
    if (buttons.length === 0) return
    const next = buttons[(buttons.indexOf(event.target) + by + buttons.length) % buttons.length]
    next.focus()
    next.click()
  }
  return html`<div class="segments" role="radiogroup" aria-label=${label} aria-disabled=${disabled ? "true" : nothing} @keydown=${keydown}>
    ${options.map((option, i) => html`<button role="radio" data-value=${String(option.value)} aria-checked=${i === chosen ? "true" : "false"}
      aria-disabled=${disabled || option.disabled ? "true" : nothing} title=${option.hint ?? nothing} tabindex=${i === Math.max(0, chosen) ? "0" : "-1"}
      @click=${() => { if (!disabled && !option.disabled) pick(option.value) }}>${option.label}</button>`)}
  </div>`
}
