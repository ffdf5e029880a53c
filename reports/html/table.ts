import { page, type Markup } from './markup.ts'

type Cell = string | number | Markup
const isNumber = (cell: Cell): boolean =>
  typeof cell === 'number' ||
  (typeof cell === 'string' &&
    /^[<>≤±] ?[\d.,]+( \S+)?$|^[\d.,]+( (ms|s|%|m \d+ s))?(\/s)?$/.test(cell))

/** Better on one line. */
const isShort = (cell: Cell): boolean =>
  typeof cell === 'string' && cell !== '' && cell.length <= 20

/** A table in a box of its own that scrolls where the screen is narrow. The first column names the row. */
export function table(
  label: string,
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
): Markup {
  const right = columns.map(
    (_, at) => at > 0 && rows.length > 0 && rows.every((row) => isNumber(row[at] ?? '')),
  )
  // One class for the table instead of one for each cell: long tables are most of the page.
  const allRight = right.length > 1 && right.every((one, at) => at === 0 || one)
  const side = (at: number, cell: Cell = ''): Markup | null =>
    allRight
      ? null
      : right[at] === true
        ? page` class="number"`
        : isShort(cell)
          ? page` class="short"`
          : null
  const head = columns.map((name, at) => page`<th scope="col"${side(at)}>${name}</th>`)
  const body = rows.map((row) => {
    const cells = row.map((cell, at) =>
      at === 0
        ? page`<th scope="row"${side(at, cell)}>${cell}</th>`
        : page`<td${side(at, cell)}>${cell}</td>`,
    )
    return page`<tr>${cells}</tr>\n`
  })
  return page`<div class="box" role="region" tabindex="0" aria-label="${label}"><table class="${columns.length > 4 ? 'wide ' : ''}${allRight ? 'numbers' : ''}"><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`
}
