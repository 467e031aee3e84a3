// What picking a cell of a matrix sets: the page's side of attention_lab/kit/picking.py.

export function changeOf({pick}, matrix, {row, col}, values) {
  const changes = {}
  if (matrix?.toggles) {
    const cells = values[matrix.toggles]
    const rest = cells.filter(([r, c]) => r !== row || c !== col)
    changes[matrix.toggles] = rest.length < cells.length ? rest : [...cells, [row, col]]   // always a new list, so that the change is seen
  }
  return {...changes, ...pickOf(pick, matrix, {row, col})}
}

export function pickOf(pick, matrix, {row, col}) {
  if (pick == null) return {}
  if (pick.form === "cell") return {[pick.setting]: {matrix: matrix.id, row, col}}
  const pair = [pick.rows[row], pick.cols[col]]
  return pair.includes(null) || pair[0] === pair[1] ? {} : {[pick.setting]: pair}
}

// The cell that was picked, where that is kept as a cell.
export const pickedIn = (stage, values) => stage?.pick?.form === "cell" ? values[stage.pick.setting] : null
