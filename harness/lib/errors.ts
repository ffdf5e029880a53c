/** Every way Freshet itself can fail; the exit code follows from it. */
export const ERROR_CODES = [
  'usage', // the command line or the scenario is wrong
  'environment', // something that is needed is missing on this machine
  'not-ready', // a service did not become ready in time
  'timeout', // a wait on the outside world passed its limit
  'open-journal', // an earlier run left something behind
  'cleanup', // something could not be undone
  'harness', // a worker of ours failed
  'interrupted',
] as const
export type ErrorCode = (typeof ERROR_CODES)[number]

/** "What failed, on what, after how long", with a hint at what would be right. */
export class FreshetError extends Error {
  override readonly name = 'FreshetError'
  readonly code: ErrorCode
  readonly hint: string | undefined
  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause })
    this.code = code
    this.hint = options.hint
  }
}

/** The message of whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
