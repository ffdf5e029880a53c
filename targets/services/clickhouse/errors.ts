import { messageOf } from '../../../harness/lib/errors.ts'

/** An error as the server reports it: the body's text and the HTTP status of its code. */
export class ClickHouseError extends Error {
  override readonly name = 'ClickHouseError'
  readonly code: number
  readonly status: number
  constructor(message: string, code: number, status: number = httpStatus(code)) {
    super(message)
    this.code = code
    this.status = status
  }
}

/** The codes that the front itself raises. */
const TYPES = {
  48: 'NOT_IMPLEMENTED',
  62: 'SYNTAX_ERROR',
  117: 'INCORRECT_DATA',
  164: 'READONLY',
  202: 'TOO_MANY_SIMULTANEOUS_QUERIES',
  216: 'QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING',
  241: 'MEMORY_LIMIT_EXCEEDED',
  354: 'ZLIB_INFLATE_FAILED',
} as const

/** An error of the front, worded like one of the engine's. */
export function frontError(
  code: keyof typeof TYPES,
  text: string,
  status?: number,
): ClickHouseError {
  return new ClickHouseError(
    `Code: ${code}. DB::Exception: ${text} (${TYPES[code]})`,
    code,
    status ?? httpStatus(code),
  )
}

const UNKNOWN_EXCEPTION = 1002

/** Whatever was thrown, as the client should see it. */
export function asClickHouseError(thrown: unknown): ClickHouseError {
  if (thrown instanceof ClickHouseError) return thrown
  const message = messageOf(thrown)
  const code = /^Code:\s*(\d+)\./.exec(message)?.[1]
  if (code !== undefined) return new ClickHouseError(message, Number(code))
  const text = `Code: ${UNKNOWN_EXCEPTION}. DB::Exception: ${message} (UNKNOWN_EXCEPTION)`
  return new ClickHouseError(text, UNKNOWN_EXCEPTION)
}

/** From the server's exceptionCodeToHTTPStatus: what the text could not be parsed as, and what it named in vain. */
const BAD_REQUEST = new Set([
  6, 8, 15, 25, 26, 27, 36, 38, 41, 43, 44, 53, 62, 72, 117, 167, 168, 321, 376, 427, 441,
])
const NOT_FOUND = new Set([46, 47, 50, 56, 60, 63, 73, 81, 115, 336])

function httpStatus(code: number): number {
  if (BAD_REQUEST.has(code)) return 400
  if (NOT_FOUND.has(code)) return 404
  if (code === 48) return 501
  return 500
}
