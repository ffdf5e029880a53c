import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** One connection to the engine; opaque, owned by the addon. */
export type Connection = object

export interface NativeQueryResult {
  readonly bytes: Buffer
  readonly elapsed: number
  /** Of the result, in spite of their names. */
  readonly rowsRead: number
  readonly bytesRead: number
}
export interface NativeInsertResult {
  readonly rowsWritten: number
  readonly bytesWritten: number
  readonly elapsed: number
}

/** The part of chdb's addon that the front uses. Calls on one connection must not overlap. */
export interface NativeEngine {
  CreateConnection(path: string): Connection
  CloseConnection(connection: Connection): void
  /** `format` is the default format: FORMAT in the query wins. */
  QueryAsyncConnection(
    connection: Connection,
    sql: string,
    format: string,
  ): Promise<NativeQueryResult>
  /** Runs `prefix + "\n" + data`; the data may be binary, which chdb's own `insert` refuses. */
  InsertRawAsyncConnection(
    connection: Connection,
    prefix: string,
    data: Buffer,
    countLines: boolean,
  ): Promise<NativeInsertResult>
}

/** Loads the addon through chdb's own platform loader, which the package does not export. */
export function loadNative(): NativeEngine {
  const require = createRequire(import.meta.url)
  const loader: unknown = require(
    join(dirname(require.resolve('chdb/package.json')), 'dist/loader.js'),
  )
  if (!hasFunction(loader, 'loadNative'))
    throw new Error('this chdb version has no dist/loader.js loadNative()')
  const native: unknown = loader.loadNative()
  if (!isNativeEngine(native))
    throw new Error('this chdb version lacks the raw connection calls; 3.4.0 has them')
  return native
}

const CALLS = [
  'CreateConnection',
  'CloseConnection',
  'QueryAsyncConnection',
  'InsertRawAsyncConnection',
] as const

function isNativeEngine(value: unknown): value is NativeEngine {
  return CALLS.every((name) => hasFunction(value, name))
}

function hasFunction<Name extends string>(
  value: unknown,
  name: Name,
): value is Record<Name, () => unknown> {
  return (
    typeof value === 'object' && value !== null && typeof Reflect.get(value, name) === 'function'
  )
}
