import { formatCount, formatMs } from '../lib/quantity.ts'
import { unseenByProbes } from './accounting.ts'
import { edgesOf } from './faults.ts'
import { CODE, type Observed } from './observed.ts'
import { intendedIn } from './freshness.ts'
import { LOAD_PHASES, spanOf } from './phases.ts'
import { longestUnwatched } from './probe-gaps.ts'
import type { Accounting, Doubt, SelfCheck } from './summary.ts'

/** What the doubts are judged from. */
export interface Evidence {
  readonly observed: Observed
  readonly accounting: Accounting
  readonly selfCheck: SelfCheck
  /** Why the baseline is not steady. */
  readonly unsteady: readonly string[]
}
const ENOUGH_SENT = 0.99
const LONGEST_SEND_DELAY_MS = 100
const LONGEST_LOOP_DELAY_MS = 100
const MISSED_PROBES = 10

/** Every reason not to trust the run: its own log's first, then what the record shows; each said once. */
export function doubtsOf(evidence: Evidence): readonly Doubt[] {
  const logged = evidence.observed.record.log.flatMap((entry): Doubt[] =>
    entry.type === 'doubt' ? [{ code: entry.code, detail: entry.detail }] : [],
  )
  const found = [
    shortfalls,
    saturation,
    clocks,
    unsteady,
    faultDoubts,
    probeGaps,
    drain,
    emptiness,
    interruption,
  ].flatMap((check) => check(evidence))
  const all = [...logged, ...found]
  return all.filter(
    (doubt, i) =>
      all.findIndex((other) => other.code === doubt.code && other.detail === doubt.detail) === i,
  )
}

type Check = (evidence: Evidence) => readonly Doubt[]

const shortfalls: Check = ({ observed, selfCheck }) =>
  LOAD_PHASES.flatMap((phase): Doubt[] => {
    const achieved = selfCheck.achievedByPhase[phase]
    const span = spanOf(observed.phases, phase)
    if (achieved === undefined || span === null) return []
    const unsent = intendedIn(observed, span.startMs, span.endMs).reduce(
      (n, i) => n + (observed.ledger.outcome[i] === CODE.unsent ? 1 : 0),
      0,
    )
    if (achieved.ratio >= ENOUGH_SENT && unsent === 0) return []
    return [
      {
        code: 'load-shortfall',
        detail: `${phase}: ${formatCount(achieved.sent)} of ${formatCount(achieved.scheduled)} events were sent, ${formatCount(unsent)} recorded as unsent`,
      },
    ]
  })

const saturation: Check = ({ observed, selfCheck }) => {
  const { load, harness } = observed.record
  const delays = [
    ['send delay p99', selfCheck.sendDelay.p99Ms ?? 0, LONGEST_SEND_DELAY_MS],
    ["the generator's own hold on requests, p99,", load?.heldMs?.p99 ?? 0, LONGEST_SEND_DELAY_MS],
    [
      'event-loop delay p99 of the load worker',
      load?.eventLoopDelayMs.p99 ?? 0,
      LONGEST_LOOP_DELAY_MS,
    ],
    [
      'event-loop delay p99 of the harness',
      harness?.eventLoopDelayMs.p99 ?? 0,
      LONGEST_LOOP_DELAY_MS,
    ],
  ] as const
  const over = delays.flatMap(([what, ms, limit]) =>
    ms > limit ? [`${what} was ${formatMs(ms)}, above ${formatMs(limit)}`] : [],
  )
  return [...over, ...unreported(observed)].map((detail) => ({ code: 'harness-saturated', detail }))
}

/** Whoever got as far as the audit has to say how it was: silence is not a delay of 0. */
function unreported({ phases, record }: Observed): readonly string[] {
  if (spanOf(phases, 'audit') === null) return []
  return [
    ...(record.load === null ? ['no report of the load worker'] : []),
    ...(record.harness === null ? ['no report of the harness'] : []),
  ]
}

const clocks: Check = ({ selfCheck: { negativeFreshness } }) =>
  negativeFreshness === 0
    ? []
    : [
        {
          code: 'clocks-apart',
          detail: `${formatCount(negativeFreshness)} events were seen in the sink before they were due`,
        },
      ]

const unsteady: Check = (evidence) =>
  evidence.unsteady.map((detail): Doubt => ({ code: 'unsteady-baseline', detail }))

const faultDoubts: Check = ({ observed }) =>
  observed.record.meta.scenario.faults.flatMap(({ id }): Doubt[] => {
    const edges = edgesOf(observed, id)
    const failure = edges.failed === null ? '' : `: ${edges.failed.detail}`
    if (edges.inForce === null)
      return [{ code: 'fault-not-in-force', detail: `${id} was never seen in force${failure}` }]
    if (edges.healed === null)
      return [{ code: 'heal-unconfirmed', detail: `${id} was never seen healed${failure}` }]
    if (edges.failed === null) return []
    return [
      {
        code: edges.failed.atMs < edges.healed ? 'fault-not-in-force' : 'heal-unconfirmed',
        detail: `${id} failed${failure}`,
      },
    ]
  })

const probeGaps: Check = ({ observed, selfCheck }) => {
  const gap = longestUnwatched(observed)
  const limit = MISSED_PROBES * selfCheck.probes.plannedMs
  const unseen = unseenByProbes(observed)
  return [
    ...(gap > limit
      ? [
          {
            code: 'probe-gap',
            detail: `no probe began for ${formatMs(gap)} outside a fault of the sink; planned every ${formatMs(selfCheck.probes.plannedMs)}`,
          } as const,
        ]
      : []),
    ...(unseen > 0
      ? [
          {
            code: 'probe-gap',
            detail: `${formatCount(unseen)} events are in the sink but no probe saw them land`,
          } as const,
        ]
      : []),
  ]
}

const drain: Check = ({ observed, accounting, selfCheck }) => {
  if (selfCheck.drainComplete) return []
  const detail =
    observed.record.audit === null
      ? 'there was no audit'
      : `${formatCount(accounting.late)} acked events had not landed when the run stopped waiting`
  return [{ code: 'drain-incomplete', detail }]
}

const emptiness: Check = ({ accounting }) => [
  ...(accounting.acked === 0
    ? [{ code: 'nothing-measured', detail: 'no event was acked' } as const]
    : []),
  ...(accounting.landed === 0
    ? [{ code: 'nothing-measured', detail: 'nothing landed' } as const]
    : []),
]

const interruption: Check = ({ observed }) => {
  const missing = (['baseline', 'settle', 'audit'] as const).filter(
    (phase) => spanOf(observed.phases, phase) === null,
  )
  return missing.length === 0
    ? []
    : [{ code: 'interrupted', detail: `the run never reached ${missing.join(', ')}` }]
}
