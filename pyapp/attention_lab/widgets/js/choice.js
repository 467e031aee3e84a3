// Changes that Python gives ready-made: `set` says which settings get which values.

// Whether every setting that `set` names has its value already.
export function same(values, set) {
  const named = Object.entries(set ?? {})
  return named.length > 0 && named.every(([name, value]) => JSON.stringify(values[name]) === JSON.stringify(value))
}

// The names of settings whose change moves the choice among these.
export const namesIn = (sets) => [...new Set(sets.flatMap((set) => Object.keys(set ?? {})))]

// The place of the set that holds now; what Python says where none does.
export function chosenOf(sets, values, otherwise = -1) {
  const at = sets.findIndex((set) => same(values, set))
  return at >= 0 ? at : otherwise ?? -1
}
