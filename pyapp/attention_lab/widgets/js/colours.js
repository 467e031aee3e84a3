// From numbers to colours. Zero is paper; positive grows towards the matrix's own colour, negative always towards plum;
// weights use cividis on a fixed 0..1. The number on a fill is black or white, whichever can be read.

import {paper} from "./paper.js"

const CIVIDIS = ["#00204C", "#00316F", "#31446B", "#4D556B", "#666870", "#7B7B78", "#958F78", "#AEA373", "#CAB969", "#E6D059", "#FFE945"].map(rgb)
const STRENGTH = 0.86   // of the full colour, at the end of the range
const PALE = 0.5        // of the full colour on paper: the numbers are black there, whether or not backgrounds are printed
const tokens = new Map()   // of the theme they were read in

export function fillOf(fill, value) {
  if (fill.kind === "none" || value == null) return null
  const colour = fill.kind === "weights" ? cividis(value) : fill.kind === "mask" ? token("paper") : signed(fill, value)
  return {background: css(colour), text: inkOn(colour), pale: fill.kind === "mask" || (fill.kind === "signed" && value === 0)}
}

// The colours from one end of the legend to the other.
export function ramp({kind, tint}) {
  const fill = {kind, tint, range: 1}
  const stops = Array.from({length: 9}, (_, i) => fillOf(fill, kind === "weights" ? i / 8 : i / 4 - 1)?.background ?? "transparent")
  return `linear-gradient(90deg, ${stops.join(", ")})`
}

export function cividis(weight) {
  const at = Math.max(0, Math.min(1, weight)) * (CIVIDIS.length - 1)
  const below = Math.min(CIVIDIS.length - 2, Math.floor(at))
  return onPaper(mix(CIVIDIS[below], CIVIDIS[below + 1], at - below))
}

function signed({tint, range}, value) {
  const own = ["q", "k", "v"].includes(tint) ? tint : "pos"
  const share = range > 0 ? Math.min(1, Math.abs(value) / range) : 0
  return onPaper(mix(token("paper"), token(value < 0 ? "neg" : own), share * STRENGTH))
}

const onPaper = (colour) => paper.on ? mix([255, 255, 255], colour, PALE) : colour

// One of the CSS colour tokens, as [r, g, b].
export function token(name) {
  const key = `${document.documentElement.dataset.theme} ${name}`
  if (!tokens.has(key)) {
    const value = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()
    if (!/^#[0-9a-f]{6}$/i.test(value)) return [255, 255, 255]   // the stylesheet is not there yet: do not remember that
    tokens.set(key, rgb(value))
  }
  return tokens.get(key)
}

// Before a screen is drawn, while there is next to nothing on the page: later, each look at a style has all that is new styled.
export const readTokens = () => ["paper", "q", "k", "v", "pos", "neg"].forEach(token)

export const css = (colour) => `rgb(${colour.map(Math.round).join(", ")})`

function rgb(hex) {
  return [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16))
}

function mix(a, b, share) {
  return a.map((channel, i) => channel + (b[i] - channel) * share)
}

function inkOn(colour) {
  const light = luminance(colour.map(Math.round))
  return 1.05 / (light + 0.05) > (light + 0.05) / 0.05 ? "#fff" : "#000"
}

// Relative luminance, WCAG 2.2.
function luminance(colour) {
  const [r, g, b] = colour.map((channel) => { const c = channel / 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4 })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
