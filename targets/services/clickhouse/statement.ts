/** What the front has to know about a statement; everything else is the engine's business. */
export interface Statement {
  readonly kind: 'insert' | 'kill' | 'other'
  /** It changes nothing: all that a GET may run. */
  readonly readOnly: boolean
  /** The FORMAT clause of a query with a result. */
  readonly format: string | undefined
  /** More than one statement, which the server's HTTP interface refuses. */
  readonly multiple: boolean
  /** It leaves something behind on its connection: SET, USE, a temporary table. */
  readonly changesSession: boolean
}

/** An INSERT's data must not be searched: it may be huge, binary, or look like SQL. */
const HEAD_CHARS = 4096

export function readStatement(sql: string): Statement {
  if (/^[\s(]*INSERT\s/i.test(outline(sql.slice(0, HEAD_CHARS)))) {
    return {
      kind: 'insert',
      readOnly: false,
      format: undefined,
      multiple: false,
      changesSession: false,
    }
  }
  const text = outline(sql)
  return {
    kind: /^\s*KILL\s+QUERY\s/i.test(text) ? 'kill' : 'other',
    readOnly: /^[\s(]*(SELECT|WITH|SHOW|DESC|DESCRIBE|EXISTS|EXPLAIN|CHECK)\b/i.test(text),
    format: /\bFORMAT\s+(\w+)\s*(?:SETTINGS\b[^;]*)?;?\s*$/i.exec(text)?.[1],
    multiple: /;\s*[^\s;]/.test(text),
    changesSession: /^\s*(SET|USE|(CREATE|ATTACH)\s+(OR\s+REPLACE\s+)?TEMPORARY)\s/i.test(text),
  }
}

const COMMENT_OR_QUOTED =
  /--[^\n]*|#[ !][^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\]|\\[\s\S])*'|`(?:[^`\\]|\\[\s\S])*`|"(?:[^"\\]|\\[\s\S])*"/g

/** The text with comments gone and quoted parts replaced, so that what is left is keywords and names. */
function outline(sql: string): string {
  return sql.replace(COMMENT_OR_QUOTED, (match) => (/^['"`]/.test(match) ? 'q' : ' '))
}

/** Replaces what matches outside comments and quotes. */
export function replaceBare(sql: string, pattern: RegExp, replacement: string): string {
  let replaced = ''
  let at = 0
  const bare = (text: string): string => text.replace(pattern, () => replacement)
  for (const match of sql.matchAll(COMMENT_OR_QUOTED)) {
    replaced += bare(sql.slice(at, match.index)) + match[0]
    at = match.index + match[0].length
  }
  return replaced + bare(sql.slice(at))
}

/** A string literal of ClickHouse SQL. */
export function quoteString(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\0', '\\0')}'`
}

/** A quoted identifier of ClickHouse SQL. */
export function quoteName(name: string): string {
  return `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``
}
