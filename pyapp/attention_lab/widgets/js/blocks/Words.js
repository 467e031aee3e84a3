// Words with links between them, as thick as their weights. Picking a word brings its links forward.
import {html, nothing, svg} from "lit-html"
import {chosenOf, namesIn} from "../choice.js"
import {framed} from "../frame.js"
import {inRow, rove} from "../rove.js"

export const element = {tag: "section"}
export const uses = ({sets, onto_sets: onto}) => namesIn([...sets, ...onto])

const ACROSS = 12     // words that fit beside each other
const THICKEST = 14   // px, of a weight of 1
const THIN = 7        // the same, of links that stand back
const FAINT = 0.05    // links that stand back are drawn from here on
const CLOSE = 12      // words under each other, from which on they stand closer

export function render(view, ctx) {
  return framed(view, ctx, () => picture(view, ctx), twins(view))
}

export const twins = ({label, words, onto, weights, right_to_left: mirrored}) => [{
  mirrored, caption: label, columns: ["", ...onto ?? words], rows: words.map((word, i) => [word, ...weights[i]]),
}]

// Of many words under each other, those between which the strongest link of the chosen one runs are in sight.
export function after(view, ctx) {
  const box = ctx.region.querySelector(".linked.close.down")
  const key = JSON.stringify([view.words, view.onto, view.chosen])
  if (box == null || ctx.state.sought === key || !(view.chosen >= 0)) return
  ctx.state.sought = key
  const strongest = view.weights[view.chosen].reduce((best, weight, i, row) => (weight ?? 0) > (row[best] ?? 0) ? i : best, 0)
  const middle = (name, at) => { const word = box.querySelectorAll(`.${name} .linked-word`)[at]; return word.offsetTop + word.offsetHeight / 2 }
  const between = (middle("from", view.chosen) + middle(view.onto == null ? "from" : "onto", strongest)) / 2
  box.scrollTop = between - box.offsetTop - box.clientHeight / 2
}

function picture(view, ctx) {
  const {words, sets, right_to_left: mirrored} = view
  const two = view.onto != null
  const onto = view.onto ?? words
  const down = view.columns || ctx.small || Math.max(words.length, onto.length) > ACROSS
  const chosen = chosenOf(sets, ctx.values, view.chosen)
  const rows = Math.max(words.length, onto.length)
  const look = {view, ctx, chosen, down, onto, two}
  return html`<div translate="no" class="linked ${down ? "down" : "across"} ${two ? "two" : "one"} ${rows > CLOSE ? "close" : ""}" dir=${mirrored ? "rtl" : "ltr"} .style="--rows:${rows};--from:${words.length};--onto:${onto.length}"
      tabindex=${rows > CLOSE && sets.length === 0 ? "0" : nothing} ?data-scrolls=${rows > CLOSE}>
      ${head(view.heads[0], "q", down && view.heads[1])}${two ? head(view.heads[1], "k", down && view.heads[0]) : nothing}
      ${row("from", words, sets, chosen, look)}
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">${links(look)}</svg>
      ${two ? row("onto", onto, view.onto_sets, chosenOf(view.onto_sets, ctx.values), look) : nothing}
    </div>
    <p class="legend"><span>${view.legend.low}</span><span class="wedge"></span><span>${view.legend.high}</span><span>${view.legend.text}</span></p>`
}

// What a row is called; where both stand in one line, an empty one keeps its place.
const head = (text, axis, placeholder) => text || placeholder ? html`<p class="linked-head ${axis}" aria-hidden="true">${text}</p>` : nothing

function row(name, words, sets, at, look) {
  const {view, ctx, chosen, two, down} = look
  const weighed = chosen >= 0 && name === (two ? "onto" : "from")
  const texts = words.map((_, i) => weighed ? view.text[chosen][i] : null)
  return html`<div class="linked-row ${name}" role="group" aria-label=${view.heads[name === "from" ? 0 : 1] || view.label} @keydown=${(event) => rove(event, inRow(words.length, view.right_to_left && !down))}>
    ${words.map((word, i) => {
      const inside = html`<bdi title=${word}>${word}</bdi>${texts[i] == null ? nothing : html`<span class="linked-weight">${texts[i]}</span>`}`
      if (sets.length === 0) return html`<span class="linked-word ${i === at ? "on" : ""}">${inside}</span>`
      return html`<button class="linked-word ${i === at ? "on" : ""}" data-spot=${i} tabindex=${i === Math.max(0, at) ? "0" : "-1"} aria-pressed=${i === at ? "true" : "false"} @click=${() => ctx.set(sets[i])}>${inside}</button>`
    })}</div>`
}

function links(look) {
  const {view: {weights, least}, chosen} = look
  const all = weights.flatMap((row, i) => row.map((weight, j) => ({i, j, weight: weight ?? 0})))
  const strong = ({i}) => chosen < 0 || i === chosen
  const drawn = all.filter((each) => each.weight >= (strong(each) ? least : Math.max(least, FAINT)))
  drawn.sort((a, b) => strong(a) - strong(b) || a.weight - b.weight)
  return drawn.map((each) => svg`<path class=${strong(each) ? "strong" : "faint"} d=${course(each, look)} stroke-width=${Math.max(1, each.weight * (strong(each) ? THICKEST : THIN))} vector-effect="non-scaling-stroke"></path>`)
}

// From the middle of one word to the middle of the other; in one row, in a bow that is higher the further it goes.
function course({i, j}, {view, down, two, onto}) {
  const place = (at, n) => { const x = (at + 0.5) / n * 100; return view.right_to_left && !down ? 100 - x : x }
  const [a, b] = [place(i, view.words.length), place(j, onto.length)]
  if (two) return down ? `M0 ${a} C45 ${a} 55 ${b} 100 ${b}` : `M${a} 0 C${a} 45 ${b} 55 ${b} 100`
  const n = view.words.length
  const height = 20 + 76 * Math.abs(i - j) / Math.max(1, n - 1)
  const aside = i === j ? Math.min(6, 30 / n) : 0
  const [from, to] = [a - aside, b + aside]
  return down ? `M0 ${from} C${height * 1.3} ${from} ${height * 1.3} ${to} 0 ${to}` : `M${from} 100 C${from} ${100 - height * 1.3} ${to} ${100 - height * 1.3} ${to} 100`
}
