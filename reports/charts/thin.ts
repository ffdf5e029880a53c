/** More windows than a plot has room for only make the report larger. */
const LIMIT = 600

/** At most 600 of the rows: each run of neighbours becomes what `merge` makes of it. */
export function thin<Row>(
  rows: readonly Row[],
  merge: (neighbours: readonly [Row, ...Row[]]) => Row,
): readonly Row[] {
  const size = Math.ceil(rows.length / LIMIT)
  if (size <= 1) return rows
  const thinned: Row[] = []
  for (let start = 0; start < rows.length; start += size) {
    const [first, ...others] = rows.slice(start, start + size)
    if (first !== undefined) thinned.push(merge([first, ...others]))
  }
  return thinned
}

/** The largest of a field among neighbours. */
export function worst<Row>(rows: readonly Row[], read: (row: Row) => number): number {
  return rows.reduce((most, row) => Math.max(most, read(row)), Number.NEGATIVE_INFINITY)
}
export function mean<Row>(rows: readonly Row[], read: (row: Row) => number): number {
  return rows.reduce((sum, row) => sum + read(row), 0) / rows.length
}
