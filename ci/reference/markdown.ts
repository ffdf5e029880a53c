import type { Row } from './options.ts'

const NOTE = '<!-- Made by `npm run generate` from the sources. Do not edit. -->'

/** A page: its title, its parts, a note that it is made by a program. */
export function page(title: string, ...parts: readonly string[]): string {
  return `${[NOTE, `# ${title}`, ...parts.filter((part) => part !== '')].join('\n\n')}\n`
}

export function table(head: readonly string[], body: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`
  return body.length === 0
    ? ''
    : [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n')
}

export function optionTable(rows: readonly Row[], none = ''): string {
  const body = rows.map(({ key, type, fallback, text }) => [
    `\`${key}\``,
    type,
    fallback,
    sentence(text),
  ])
  return body.length === 0 ? none : table(['Key', 'Value', 'Default', 'Meaning'], body)
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

/** With a capital and a full stop, whoever wrote it. */
export function sentence(text: string): string {
  return text === '' ? '' : `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, '')}.`
}
