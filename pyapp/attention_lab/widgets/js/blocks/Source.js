// The source line of this step, as it stands in the library, with the live shapes under it.
import {html, nothing} from "lit-html"
import {later, t} from "../texts.js"

export const element = {region: "code", "aria-label": later("Code of this step")}

export function render(view) {
  return html`<h2>${view.file}${view.line ? html`<span class="at">, ${t("line {line}", {line: view.line})}</span>` : nothing}</h2>
    <pre translate="no" data-matrices=${(view.matrices ?? []).join(" ")}><code>${view.lines.map((line) => html`<span class="code-line">${line.map(({t: text, cls}) => html`<span class=${cls ?? ""}>${text}</span>`)}</span>`)}</code>${view.shape ? html`<span class="shape"># ${view.shape}</span>` : nothing}</pre>`
}
