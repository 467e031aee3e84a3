// Whether what an option would set is what holds already: so that a choice shows at once, before Python has answered.

export function same(values, set) {
  const names = Object.keys(set ?? {})
  return names.length > 0 && names.every((name) => name in values && JSON.stringify(values[name]) === JSON.stringify(set[name]))
}

// The place of the option that holds; `fallback` where none does.
export function chosenOf(options, values, fallback = -1) {
  const at = options.findIndex(({set}) => same(values, set))
  return at >= 0 ? at : fallback
}
