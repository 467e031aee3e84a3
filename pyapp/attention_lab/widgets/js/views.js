// Small questions about a stage's view model that several files ask.

export function matricesOf(stage) {
  const {inputs = [], left, top = [], results = [], result, matrix, panels = []} = stage
  return [result, ...results, left, ...inputs, ...top, matrix, ...panels.map((panel) => panel.matrix)].filter((m) => m != null)
}

// Which of Q, K and V is meant when only one fits: the one with the picked cell in it, else Python's choice.
export function chosenPair({choose, top = [], results = []}, learner) {
  const picked = learner.picked?.matrix
  const at = results.findIndex((m, i) => m.id === picked || top[i]?.id === picked)
  return at >= 0 ? at : choose?.value ?? 0
}

// The matrix that a step is about: what exports, and what play fills in.
export function resultOf(stage, learner) {
  if (stage.layout === "product") return stage.results[stage.choose == null ? 0 : chosenPair(stage, learner)]
  return stage.result ?? stage.matrix ?? stage.panels?.[0].matrix
}
