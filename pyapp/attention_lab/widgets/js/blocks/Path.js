// Nodes in a row or in layers, the first at the bottom, with edges between them; some of them lit.
import {html, nothing, svg} from "lit-html"
import {chosenOf, namesIn} from "../choice.js"
import {framed} from "../frame.js"
import {rove} from "../rove.js"

export const element = {tag: "section"}
export const uses = ({layers}) => namesIn(layers.flat().map(({set}) => set))

export function render(view, ctx) {
  return framed(view, ctx, () => picture(view, ctx), twins(view))
}

export function twins({label, layers, names, edges, lit, words}) {
  const nodes = placed(layers)
  const layerOf = (layer) => names[layer] ?? layer + 1
  return [{
    caption: label, columns: [words.node, words.layer, words.lit, words.edges],
    rows: nodes.map((node, at) => [node.label, layerOf(node.layer), lit.includes(at) ? words.yes : words.no, edges.filter(({from}) => from === at).map(({to}) => nodes[to].label).join(", ")]),
  }]
}

const placed = (layers) => layers.flatMap((layer, l) => layer.map((node, i) => ({...node, layer: l, place: i, of: layer.length})))

function picture(view, ctx) {
  const nodes = placed(view.layers)
  const widest = Math.max(...view.layers.map((layer) => layer.length))
  const bows = view.edges.some((edge) => isBow(edge, nodes))
  const chosen = chosenOf(nodes.map(({set}) => set), ctx.values, view.chosen)
  const stop = chosen >= 0 && nodes[chosen].set != null ? chosen : nodes.findIndex(({set}) => set != null)
  const look = {view, nodes, bows, mirrored: view.right_to_left}
  return html`<div class="path-box" tabindex=${stop < 0 ? "0" : nothing} data-scrolls><div class="path ${bows ? "bowed" : ""} ${view.names.length > 0 ? "named" : ""}" dir=${view.right_to_left ? "rtl" : "ltr"} .style="--layers:${view.layers.length};--widest:${widest}" @keydown=${(event) => rove(event, (key, at) => moved(key, at, look))}>
    <svg viewBox="0 0 100 ${view.layers.length}" preserveAspectRatio="none" aria-hidden="true">${lines(look)}</svg>
    ${view.layers.map((layer, l) => layer == null ? nothing : html`<div class="path-layer" role="group" aria-label=${view.names[l] ?? view.label} .style="--n:${layer.length};--at:${view.layers.length - l}">
      ${view.names.length > 0 ? html`<span class="path-name dim" aria-hidden="true">${view.names[l]}</span>` : nothing}
      ${layer.map((node, i) => drawnNode(node, first(view.layers, l) + i, {view, ctx, chosen, stop}))}</div>`)}
  </div></div>`
}

const first = (layers, l) => layers.slice(0, l).reduce((sum, layer) => sum + layer.length, 0)

function drawnNode(node, at, {view, ctx, chosen, stop}) {
  const name = `path-node ${node.tint ? `tint-${node.tint}` : ""} ${view.lit.includes(at) ? "lit" : ""} ${at === chosen ? "on" : ""}`
  if (node.set == null) return html`<span class=${name} title=${node.label}><bdi>${node.label}</bdi></span>`
  return html`<button class=${name} title=${node.label} data-spot=${at} tabindex=${at === stop ? "0" : "-1"} aria-pressed=${at === chosen ? "true" : "false"} @click=${() => ctx.set(node.set)}><bdi>${node.label}</bdi></button>`
}

const isBow = ({from, to}, nodes) => nodes[from].layer === nodes[to].layer && Math.abs(nodes[from].place - nodes[to].place) !== 1

function lines({view, nodes, bows, mirrored}) {
  const low = bows ? 0.72 : 0.5   // how far down a node stands in its layer
  const spot = ({layer, place, of}) => { const x = (place + 0.5) / of * 100; return [mirrored ? 100 - x : x, view.layers.length - 1 - layer + low] }
  const ordered = [...view.edges].sort((a, b) => a.lit - b.lit)
  return ordered.map((edge) => {
    const [[x1, y1], [x2, y2]] = [spot(nodes[edge.from]), spot(nodes[edge.to])]
    const far = Math.abs(nodes[edge.from].place - nodes[edge.to].place) / Math.max(1, nodes[edge.from].of - 1)
    const top = y1 - 0.35 - 0.55 * far
    const d = isBow(edge, nodes) ? `M${x1} ${y1} C${x1} ${top} ${x2} ${top} ${x2} ${y2}` : `M${x1} ${y1} L${x2} ${y2}`
    return svg`<path class=${edge.lit ? "lit" : ""} d=${d} vector-effect="non-scaling-stroke"></path>`
  })
}

// Left and right within a layer; up and down to the node of the next layer that stands nearest. Only nodes that can be picked.
function moved(key, at, {nodes, mirrored}) {
  const {layer, place, of} = nodes[at]
  const across = {ArrowRight: mirrored ? -1 : 1, ArrowLeft: mirrored ? 1 : -1}[key]
  const up = {ArrowUp: 1, ArrowDown: -1}[key]
  const can = nodes.map((node, i) => ({...node, at: i, x: (node.place + 0.5) / node.of})).filter(({set}) => set != null)
  const inLayer = (l) => can.filter((node) => node.layer === l)
  if (key === "Home") return inLayer(layer)[0].at
  if (key === "End") return inLayer(layer).at(-1).at
  if (across != null) return inLayer(layer).filter((node) => (node.place - place) * across > 0).sort((a, b) => (a.place - b.place) * across)[0]?.at ?? at
  if (up == null) return null
  const x = (place + 0.5) / of
  return inLayer(layer + up).sort((a, b) => Math.abs(a.x - x) - Math.abs(b.x - x))[0]?.at ?? at
}
