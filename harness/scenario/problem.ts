import { FreshetError } from '../lib/errors.ts'
import { nearest } from '../lib/nearest.ts'

/** A place in a scenario that is wrong: `path` into the document, and what would be right. */
export interface Problem {
  readonly path: readonly (string | number)[]
  readonly message: string
  /** True: the mistake is the key itself, not its value. */
  readonly atKey?: boolean
}

/** One line a problem, each with its place. */
export function invalid(problems: readonly string[]): FreshetError {
  return new FreshetError('usage', problems.join('\n'), { hint: 'nothing was started' })
}

/** `faults.0.at: must be ...` */
export function sentenceOf({ path, message }: Problem): string {
  return path.length === 0 ? message : `${path.join('.')}: ${message}`
}

/** `unknown fault "kil": did you mean kill?` */
export function unknownName(what: string, name: string, valid: readonly string[]): string {
  const close = nearest(name, valid)
  const right = close === null ? `one of ${valid.join(', ')}` : `did you mean ${close}?`
  return `unknown ${what} "${name}": ${right}`
}
