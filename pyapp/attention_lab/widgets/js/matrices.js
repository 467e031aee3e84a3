// Small questions about a stage's view that several files ask.
import {chosenOf} from "./choice.js"
import {pickedIn} from "./picking.js"

export function matricesOf(stage) {
  const {inputs = [], left, top = [], results = [], result, matrix, panels = []} = stage
  return [result, ...results, left, ...inputs, ...top, matrix, ...panels.map((panel) => panel.matrix)].filter((m) => m != null)
}

// Which of several pairs is meant when only one fits: the one with the picked cell in it, else Python's choice.
export function chosenPair(stage, values) {
  const {choose, top = [], results = []} = stage
  const picked = pickedIn(stage, values)?.matrix
  const at = results.findIndex((m, i) => m.id === picked || top[i]?.id === picked)
  return at >= 0 ? at : chosenOf((choose?.options ?? []).map(({set}) => set), values, choose?.value ?? 0)
}

// The matrix that a step is about: what exports, and what play fills in.
export function resultOf(stage, values) {
  if (stage.results != null) return stage.results[stage.choose == null ? 0 : chosenPair(stage, values)]
  return stage.result ?? stage.matrix ?? stage.panels?.[0].matrix
}
