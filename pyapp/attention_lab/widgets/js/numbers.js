// How a cell's number is written in the places that need more than the text Python made.

// The exact value: what Python would print, with -Infinity where a score was masked; undefined where nothing was computed.
export function exact({values, text}, row, col) {
  const value = values[row][col]
  if (value != null) return String(value)
  return text[row][col] === "−∞" ? "-Infinity" : undefined
}

// Without the zero before the point, where every pixel counts; a whole 1 has as few letters then.
export const short = (text) => text.replace(/^(−?)0\./, "$1.").replace(/^(−?)1\.00$/, "$11.0")

export const longest = (text, small) => Math.max(1, ...text.flat().map((t) => (small ? short(t) : t).length))
