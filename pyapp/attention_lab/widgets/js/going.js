// A long computation goes on by messages, of a moment each, between which whatever else is set is taken: a button that `goes_on` is
// pressed once, and again with every answer in which it still stands.

export function press({set, goes_on: long}, ctx) {
  ctx.state.going = long === true
  ctx.set(set)
}

export function goOn(items, ctx) {
  const more = items.find(({goes_on: long}) => long)
  if (more == null) ctx.state.going = false
  else if (ctx.state.going) ctx.set(more.set)
}
