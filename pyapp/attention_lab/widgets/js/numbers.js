// How a cell's number is written in the places that need more than the text Python made.

// The exact value: what Python would print, with -Infinity where a score was masked; undefined where nothing was computed.
export function exact({values, text}, row, col) {
  const value = values[row][col]
  if (value != null) return String(value)
  return text[row][col] === "−∞" ? "-Infinity" : undefined
}

// Where every pixel counts: without the zero before the point, and 1.00 with as few letters.
export const short = (text) => lesser(text).replace(/^(−?)0\./, "$1.")

// The same as it is read out: all that is seen of a number is part of its cell's name (WCAG 2.2, 2.5.3).
export const lesser = (text) => text.replace(/^(−?)1\.00$/, "$11.0")

export const longest = (text, small) => Math.max(1, ...text.flat().map((t) => (small ? short(t) : t).length))
