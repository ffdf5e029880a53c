/** Text that is HTML already. Everything else is escaped on its way in. */
export interface Markup {
  readonly markup: string
}
type Value = string | number | null | Markup | readonly Markup[]

/** Characters that HTML forbids even as references; a terminal or a parser could act on them. */
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export const stripControl = (text: string): string => text.replaceAll(CONTROL, '')
/** For text and for quoted attributes, in HTML and in XML. */
export const escapeText = (text: string): string =>
  stripControl(text).replaceAll(/[&<>"']/g, (found) => ENTITIES[found] ?? found)
/** Trusts its argument: for what this program made, never for a scenario's text. */
export const raw = (markup: string): Markup => ({ markup })

function part(value: Value): string {
  if (value === null) return ''
  if (typeof value === 'string') return escapeText(value)
  if (typeof value === 'number') return String(value)
  return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('')
}

/** A template that escapes what is put into it. Not named `html`: prettier would move its white space, and with it the hashes. */
export function page(strings: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return raw(strings.map((text, at) => text + part(values[at] ?? null)).join(''))
}
/** JSON that cannot end the script element it stands in. */
export const jsonInScript = (value: unknown): Markup =>
  raw(
    JSON.stringify(value)
      .replaceAll('<', '\\u003c')
      .replaceAll('\u2028', '\\u2028')
      .replaceAll('\u2029', '\\u2029'),
  )
