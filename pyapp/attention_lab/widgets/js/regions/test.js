// Test the arrow: change the weight between the two words, and see the answer before and after.
import {html, nothing} from "lit-html"
import {maths} from "../maths.js"
import {segments} from "../segments.js"

export const element = {tag: "section", "aria-label": "Test the arrow"}
export const uses = ["scope", "changes"]

export function render(view, ctx) {
  return html`<h2>${view.heading}</h2>
    <p class="what">${maths(view.arrow, ctx)} <b>${view.weight}</b></p>
    <p class="where">${view.where}</p>
    ${slider(view, ctx)}
    <div class="tests">
      <label class="rival"><span>against</span> <select data-control="rival" @change=${(event) => ctx.set({rival: Number(event.target.value)})}>${view.rivals.map(({value, label, chosen}) => html`<option value=${value} .selected=${chosen}>${label}</option>`)}</select></label>
      ${view.actions.map(({id, label, set}) => html`<button class="plain" data-action=${id} @click=${() => ctx.set(set)}>${label}</button>`)}
    </div>
    ${segments({label: "Heads that change", value: ctx.learner.scope, options: view.scopes, pick: (scope) => ctx.set({scope})})}
    ${applied(view, ctx)}
    ${view.answer == null ? nothing : answer(view.answer)}
    ${view.vector == null ? nothing : html`<p class="vector">The sentence’s vector, before and after: cosine <b>${view.vector}</b></p>`}
    <p class="judged ${view.verdict?.flips ? "flips" : ""}" role="status">${view.verdict == null ? nothing : maths(view.verdict.text, ctx)}</p>
    ${view.caption == null ? nothing : html`<p class="caption">${view.caption}</p>`}
    ${view.measured.map((words) => html`<p class="note measured">${maths(words, ctx)}</p>`)}`
}

// The weight of the word, set by hand: one change, replaced while the slider moves.
function slider({slide, percent}, ctx) {
  const {query, key, label} = slide
  const same = ([kind, q, k]) => kind === "set" && q === query && k === key
  const own = ctx.learner.changes.find(same)
  const shown = own == null ? percent : own[3]
  const input = (event) => {
    ctx.state.sliding = true
    const weight = event.target.valueAsNumber
    ctx.set({changes: [...ctx.learner.changes.filter((change) => !same(change)), ["set", query, key, weight]]})
  }
  const done = () => { ctx.state.sliding = false; ctx.redraw() }
  return html`<div class="item range" data-control="weight"><label for="weight-slider">${label} <output for="weight-slider">${(shown / 100).toFixed(2)}</output></label>
    <input id="weight-slider" type="range" min="0" max="100" step="1" aria-valuetext=${(shown / 100).toFixed(2)} .value=${ctx.state.sliding ? ctx.region.querySelector("#weight-slider").value : String(shown)} @input=${input} @change=${done}></div>`
}

function applied({applied}, ctx) {
  if (applied.length === 0) return nothing
  return html`<ul class="applied" aria-label="Changes in force">${applied.map(({text, set}, i) => html`<li><span>${maths(text, ctx)}</span><button class="link-button" data-undo=${i} @click=${() => ctx.set(set)}>undo<span class="vh"> this change</span></button></li>`)}
    ${applied.length > 1 ? html`<li><button class="link-button" data-action="undo-all" @click=${() => ctx.set({changes: [], exchange: null})}>undo all</button></li>` : nothing}</ul>`
}

function answer({rows, before, after}) {
  const share = (cell, name, is) => html`<td class=${is ? "best" : ""} data-share=${cell?.value ?? nothing}>${cell == null ? "" : html`<span class="share"><i .style="width:${cell.value * 100}%"></i></span>${cell.text}`}</td>`
  return html`<table class="answer"><thead><tr><th scope="col">answer</th><th scope="col">before</th>${after == null ? nothing : html`<th scope="col">after</th>`}</tr></thead>
    <tbody>${rows.map((row) => html`<tr data-word=${row.word}><th scope="row"><bdi>${row.word}</bdi></th>${share(row.before, "before", row.word === before)}${after == null ? nothing : share(row.after, "after", row.word === after)}</tr>`)}</tbody></table>`
}
