import type { Verdict } from '../analysis/summary.ts'
import type { ErrorCode } from '../lib/errors.ts'

/** Documented exit codes. 1 is never a verdict: Node uses it for its own crashes. */
export const EXIT = {
  pass: 0,
  fail: 99,
  regression: 98,
  inconclusive: 97,
  usage: 2,
  environment: 3,
  harness: 4,
  interrupted: 130,
} as const

export const exitOfVerdict = (verdict: Verdict): number => EXIT[verdict]

export function exitOfError(code: ErrorCode): number {
  switch (code) {
    case 'usage':
      return EXIT.usage
    case 'environment':
      return EXIT.environment
    case 'interrupted':
      return EXIT.interrupted
    case 'open-journal':
    case 'not-ready':
    case 'timeout':
    case 'cleanup':
    case 'harness':
      return EXIT.harness
  }
}
