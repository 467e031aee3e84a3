// Focus survives every redraw: on the same element where it still exists, else on the one that took its place.

const MARKS = ["value", "step", "chip", "guess", "map", "action", "card", "from", "to", "undo", "lab"]

export function keepFocus(root, draw) {
  const active = document.activeElement
  const inside = active != null && active !== root && root.contains(active)
  const places = inside ? successors(active) : []
  draw()
  if (!inside || (active.isConnected && document.activeElement === active)) return
  const next = places.map((selector) => root.querySelector(selector)).find((el) => el != null)
  for (const el of [next, root, document.querySelector("[data-region=lesson]")]) {   // where even its place is gone, on from the lesson
    el?.focus({preventScroll: true})
    if (document.activeElement === el) return
  }
}

function successors(el) {
  const figure = el.closest("[data-matrix]")
  if (figure != null) return [`[data-matrix="${figure.dataset.matrix}"] .cell[tabindex="0"]`, ".result .cell[tabindex=\"0\"]"]
  const marks = MARKS.filter((name) => name in el.dataset).map((name) => `[data-${name}="${CSS.escape(el.dataset[name])}"]`).join("")
  const control = el.closest("[data-control]")?.dataset.control
  if (control == null) return marks === "" ? [] : [marks]
  return [`[data-control="${control}"] ${marks || el.localName}`, `[data-control="${control}"] :is(input, select, button)`]
}
