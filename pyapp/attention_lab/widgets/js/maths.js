// Draws Math, the markup of formulas and of words with colours: a list of nodes (see views.py). Text is always text.
import {html} from "lit-html"

export function maths(nodes, ctx) {
  return listed(nodes).map((node) => typeof node === "string" ? node : drawn(node, ctx))
}

// A plain string may stand for a list of one.
const listed = (nodes) => typeof nodes === "string" ? [nodes] : nodes ?? []

// A page beside the lab, where there is one: not in a course, nor in a notebook.
const beside = (href) => (document.documentElement.dataset.pages ?? "").split(" ").includes(href.slice("#page=".length))

const named = (...names) => names.filter(Boolean).join(" ")

function drawn(node, ctx) {
  const cls = node.cls ?? ""
  if (node.href?.startsWith("#lab=")) return html`<a class="link-button" href=${node.href}>${node.t}</a>`
  if (node.href?.startsWith("#page=") && beside(node.href)) return html`<a class="link-button" href=${node.href}>${node.t}</a>`
  if ("t" in node) return html`<bdi class=${named(node.it && "it", cls)}>${node.t}</bdi>`
  if (node.sup) return html`<sup class=${cls}>${maths(node.sup, ctx)}</sup>`
  if (node.sub) return html`<sub class=${cls}>${maths(node.sub, ctx)}</sub>`
  if (node.frac) return html`<span class="frac"><span>${maths(node.frac[0], ctx)}</span><span>${maths(node.frac[1], ctx)}</span></span>`
  if (node.root) return html`<span class="root">√<span>${maths(node.root, ctx)}</span></span>`
  if (node.paren) return html`<span class="parens"><span class="paren">(</span>${maths(node.paren, ctx)}<span class="paren">)</span></span>`
  if (node.arrow) return html`<span class="arrow">→</span>`
  if (node.part) return part(node, ctx)
  return ""
}

function part({part: {step, label, matrices}, kids}, ctx) {
  const here = ctx.values.step === step
  return html`<button class="part" data-step=${step} data-matrices=${(matrices ?? []).join(" ")} aria-current=${here ? "step" : "false"}
    @click=${() => ctx.go(step)}>${maths(kids, ctx)}<span class="vh">. ${label}</span></button>`
}

// The same as plain text: for titles, exports and labels.
export function plain(nodes) {
  return listed(nodes).map((node) => {
    if (typeof node === "string") return node
    if ("t" in node) return node.t
    if (node.frac) return `${plain(node.frac[0])} / ${plain(node.frac[1])}`
    if (node.root) return `√${plain(node.root)}`
    if (node.paren) return `(${plain(node.paren)})`
    if (node.arrow) return "→"
    if (node.sup && plain(node.sup) === "T") return "ᵀ"
    return plain(node.sup ?? node.sub ?? node.kids)
  }).join("")
}
