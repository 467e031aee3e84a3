// Which two words are asked about: a token picked on the stage is a word of the sentence, or the model's own sign before the first.

export const START = -1

export function wordAt({owners}, token) {
  return owners == null ? token : owners[token]
}

// The settings that ask about a row and a column; nothing where the row is no word, or both are one.
export function asking(view, row, col) {
  const [query, key] = [wordAt(view, row), wordAt(view, col)]
  const words = view.words ?? view.chips?.length ?? Infinity
  if (query < 0 || query >= words || key >= words || query === key) return {}
  return {asked: [query, key]}
}
