// Many targets, one tab stop: the arrows move among the elements with data-spot of one group.

// `next(key, at)` says which spot a key leads to from there; null where it leads nowhere. `moved` is told the element.
export function rove(event, next, moved = (el) => el.click()) {
  const from = event.target.closest?.("[data-spot]")
  if (from == null || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
  const spot = next(event.key, Number(from.dataset.spot))
  if (spot == null) return
  event.preventDefault()
  const to = event.currentTarget.querySelector(`[data-spot="${spot}"]`)
  if (to == null || to === from) return
  to.focus()
  moved(to)
}

// Along a row of n: every arrow steps, Home and End go to its ends. In a row that runs from the right, left is onward.
export function inRow(n, rightToLeft = false) {
  const onward = rightToLeft ? -1 : 1
  return (key, at) => {
    const to = {ArrowRight: at + onward, ArrowLeft: at - onward, ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: n - 1}[key]
    return to == null ? null : Math.max(0, Math.min(n - 1, to))
  }
}
