import type { Connection, NativeEngine } from './native.ts'
import { quoteName, quoteString, type Statement } from './statement.ts'

/** One query as the engine needs it. */
export interface Query {
  readonly statement: Statement
  /** The text in the URL; an INSERT's data, or the whole query, follows in `body`. */
  readonly text: string
  readonly body: Buffer
  readonly defaultFormat: string
  readonly database: string
  readonly settings: ReadonlyMap<string, string>
  readonly parameters: ReadonlyMap<string, string>
}

export interface Answer {
  readonly bytes: Buffer
  /** Of a SELECT its result, of an INSERT what it wrote. */
  readonly resultRows: number
  readonly resultBytes: number
}

/** Where the embedded engine's defaults differ from the server's in what a client can see. */
const SERVER_DEFAULTS: ReadonlyMap<string, string> = new Map([
  ['implicit_select', '0'],
  ['allow_introspection_functions', '0'],
])
/** Carries the session's name into system.processes, unless a query has a comment of its own. */
export const SESSION_SETTING = 'log_comment'
const NO_DATA = Buffer.alloc(0)

export interface SessionOptions {
  readonly native: NativeEngine
  readonly dataDirectory: string
  readonly name: string
}

/**
 * One connection that looks to every query as if it were new. What the last query set stays until a later one
 * wants it otherwise: clients repeat their settings, so most queries need no SET at all.
 */
export class Session {
  readonly name: string
  readonly #native: NativeEngine
  readonly #path: string
  readonly #base: ReadonlyMap<string, string>
  #connection: Connection
  #settings = new Map<string, string>()
  #parameters = new Map<string, string>()
  #database = 'default'

  constructor({ native, dataDirectory, name }: SessionOptions) {
    this.name = name
    this.#native = native
    this.#path = dataDirectory
    this.#base = new Map([...SERVER_DEFAULTS, [SESSION_SETTING, name]])
    this.#connection = native.CreateConnection(dataDirectory)
  }

  async run(query: Query): Promise<Answer> {
    try {
      await this.#prepare(query)
      const answer = await this.#execute(query)
      if (query.statement.changesSession) this.#renew()
      return answer
    } catch (failure) {
      // Part of the settings may be in force; and what a failed query had written already would begin the next answer.
      this.#renew()
      throw failure
    }
  }

  close(): void {
    this.#native.CloseConnection(this.#connection)
  }

  /** The new connection comes first: closing the last one would stop the engine. */
  #renew(): void {
    const old = this.#connection
    this.#connection = this.#native.CreateConnection(this.#path)
    this.#native.CloseConnection(old)
    this.#settings = new Map()
    this.#parameters = new Map()
    this.#database = 'default'
  }

  async #prepare(query: Query): Promise<void> {
    // A parameter cannot be unset, and a query that lacks one must fail.
    if (
      [...this.#parameters.keys()].some(
        (name) => !query.parameters.has(name) && uses(query.text, name),
      )
    )
      this.#renew()
    const settings = new Map([...this.#base, ...query.settings])
    const changes = [
      ...[...this.#settings.keys()]
        .filter((name) => !settings.has(name))
        .map((name) => `${quoteName(name)} = DEFAULT`),
      ...differences(this.#settings, settings).map(
        ([name, value]) => `${quoteName(name)} = ${quoteString(value)}`,
      ),
      ...differences(this.#parameters, query.parameters).map(
        ([name, value]) => `${quoteName(`param_${name}`)} = ${quoteString(value)}`,
      ),
    ]
    if (changes.length > 0) await this.#command(`SET ${changes.join(', ')}`)
    if (query.database !== this.#database) await this.#command(`USE ${quoteName(query.database)}`)
    this.#settings = settings
    this.#parameters = new Map([...this.#parameters, ...query.parameters])
    this.#database = query.database
  }

  async #command(sql: string): Promise<void> {
    await this.#native.QueryAsyncConnection(this.#connection, sql, 'TabSeparated')
  }

  async #execute(query: Query): Promise<Answer> {
    if (query.statement.kind === 'insert') {
      const prefix = query.text.trimEnd()
      const done = await this.#native.InsertRawAsyncConnection(
        this.#connection,
        prefix,
        query.body,
        false,
      )
      return { bytes: NO_DATA, resultRows: done.rowsWritten, resultBytes: done.bytesWritten }
    }
    const done = await this.#native.QueryAsyncConnection(
      this.#connection,
      query.text,
      query.defaultFormat,
    )
    return { bytes: done.bytes, resultRows: done.rowsRead, resultBytes: done.bytesRead }
  }
}

function differences(
  is: ReadonlyMap<string, string>,
  should: ReadonlyMap<string, string>,
): [string, string][] {
  return [...should].filter(([name, value]) => is.get(name) !== value)
}

function uses(sql: string, parameter: string): boolean {
  return sql.replaceAll(/\s/g, '').includes(`{${parameter}:`)
}
