import { html, type Markup } from './markup.ts'

type Cell = string | number | Markup
const isNumber = (cell: Cell): boolean => typeof cell === 'number' || (typeof cell === 'string' && /^[<>≤] ?[\d.,]+( \S+)?$|^[\d.,]+( (ms|s|%|m \d+ s))?(\/s)?$/.test(cell))

/** A table in a box of its own that scrolls where the screen is narrow. The first column names the row. */
export function table(label: string, columns: readonly string[], rows: readonly (readonly Cell[])[]): Markup {
  const right = columns.map((_, at) => at > 0 && rows.length > 0 && rows.every((row) => isNumber(row[at] ?? '')))
  const side = (at: number): Markup | null => (right[at] === true ? html` class="number"` : null)
  const head = columns.map((name, at) => html`<th scope="col"${side(at)}>${name}</th>`)
  const body = rows.map((row) => {
    const cells = row.map((cell, at) => (at === 0 ? html`<th scope="row">${cell}</th>` : html`<td${side(at)}>${cell}</td>`))
    return html`<tr>${cells}</tr>\n`
  })
  return html`<div class="box" role="region" tabindex="0" aria-label="${label}"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`
}
