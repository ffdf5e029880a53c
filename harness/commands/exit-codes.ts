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

export const EXIT_MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  pass: 'pass: every objective was met and nothing is in doubt',
  fail: 'fail: an objective or the declared guarantee was breached',
  regression: 'reserved for a regression against a baseline',
  inconclusive: 'inconclusive: the run cannot be trusted; the doubts say why',
  usage: 'wrong usage or an invalid scenario; nothing was started',
  environment: 'this machine lacks something; `freshet doctor` says what',
  harness: 'the harness or its clean-up failed',
  interrupted: 'interrupted; healed and torn down',
}

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
