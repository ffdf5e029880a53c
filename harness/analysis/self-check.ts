import { formatCount } from '../lib/quantity.ts'
import { NEVER, TICKS_PER_MS } from '../run/ledger.ts'
import type { RunRecord } from '../run/record.ts'
import { isDrained } from './accounting.ts'
import { intendedIn } from './freshness.ts'
import { CODE, type Observed } from './observed.ts'
import { LOAD_PHASES, spanOf } from './phases.ts'
import { latencyOf, measured, percentile } from './statistics.ts'
import type { Accounting, LatencyStats, SelfCheck } from './summary.ts'

const ONE_CLOCK: SelfCheck['clocks'] = {
  offsetMs: 0,
  // Times are rounded to ticks.
  boundMs: 0.5 / TICKS_PER_MS,
  how: 'by construction: every time in the record was read by the harness or its load worker, two processes of one host, from CLOCK_MONOTONIC with one origin; no clock of a service enters a measure',
}

/** The part of every report that says whether the harness itself can be believed. */
export function selfCheckOf(observed: Observed, accounting: Accounting): SelfCheck {
  const { ledger, record } = observed
  const acked = (i: number): boolean => ledger.outcome[i] === CODE.acked
  const counted = (i: number): boolean => observed.measured[i] === 1
  return {
    achievedByPhase: achievedOf(observed),
    sendDelay: delaysOf(ledger.intended, ledger.sent, () => true),
    ackFromIntended: delaysOf(ledger.intended, ledger.settled, acked),
    ackFromSent: delaysOf(ledger.sent, ledger.settled, acked),
    landedFromIntended: delaysOf(ledger.intended, ledger.landed, counted),
    landedFromSent: delaysOf(ledger.sent, ledger.landed, counted),
    unsent: accounting.unsent,
    negativeFreshness: negativesOf(observed),
    identities: identitiesOf(observed, accounting),
    probes: probesOf(observed),
    load: record.load,
    harness: record.harness,
    clocks: ONE_CLOCK,
    drainComplete: isDrained(observed),
  }
}

function achievedOf(observed: Observed): SelfCheck['achievedByPhase'] {
  const { ledger, phases } = observed
  const entries = LOAD_PHASES.flatMap((phase) => {
    const span = spanOf(phases, phase)
    if (span === null) return []
    const events = intendedIn(observed, span.startMs, span.endMs)
    const sent = events.reduce((count, i) => count + (ledger.sent[i] === NEVER ? 0 : 1), 0)
    // With nothing scheduled nothing was missed.
    return [
      [
        phase,
        { scheduled: events.length, sent, ratio: events.length === 0 ? 1 : sent / events.length },
      ] as const,
    ]
  })
  return Object.fromEntries(entries)
}

/** Differences of two time columns where both came and the event counts; negative ones stay. */
function delaysOf(
  from: Uint32Array,
  to: Uint32Array,
  counts: (i: number) => boolean,
): LatencyStats {
  const delays = new Float64Array(from.length)
  let n = 0
  for (let i = 0; i < from.length; i++) {
    const [start, end] = [from[i] ?? NEVER, to[i] ?? NEVER]
    if (start !== NEVER && end !== NEVER && counts(i)) delays[n++] = end - start
  }
  return latencyOf(delays.subarray(0, n))
}

function negativesOf({ ledger, measured }: Observed): number {
  let negative = 0
  for (let i = 0; i < ledger.count; i++)
    if (measured[i] === 1 && (ledger.landed[i] ?? NEVER) < (ledger.intended[i] ?? 0)) negative++
  return negative
}

function identitiesOf({ record }: Observed, a: Accounting): SelfCheck['identities'] {
  const n = formatCount
  const missing = a.lost + a.late
  return [
    {
      text: `scheduled ${n(a.scheduled)} = acked ${n(a.acked)} + rejected ${n(a.rejected)} + indeterminate ${n(a.indeterminate)} + unsent ${n(a.unsent)}`,
      holds:
        a.scheduled === a.acked + a.rejected + a.indeterminate + a.unsent &&
        a.scheduled === record.meta.events,
    },
    {
      text: `sink rows ${n(a.sinkRows)} = distinct ${n(a.landed)} + extra copies ${n(a.duplicatedPhysical)}`,
      holds: a.sinkRows === a.landed + a.duplicatedPhysical,
    },
    ...independent(record, a),
    ...(record.inLog === null
      ? []
      : [
          {
            text: `asked of the log ${n(record.inLog.length)} = acked and absent ${n(missing)}`,
            holds: record.inLog.length === missing,
          },
        ]),
  ]
}

/** The same counts by another hand: the generator's tally, the sink's own count, and the ledger against the audit. */
function independent({ load, audit }: RunRecord, a: Accounting): SelfCheck['identities'] {
  const n = formatCount
  const { tally } = load ?? {}
  const stored = audit?.storedRows
  const landed = a.acked - a.lost - a.late + a.recovered + a.unexpected
  return [
    ...(tally === undefined
      ? []
      : [
          {
            text: `the generator's own tally: offered ${n(tally.offered)}, acked ${n(tally.acked)}, rejected ${n(tally.rejected)}, indeterminate ${n(tally.indeterminate)}, unsent ${n(tally.unsent)} = the ledger's`,
            holds:
              tally.offered === a.scheduled &&
              (['acked', 'rejected', 'indeterminate', 'unsent'] as const).every(
                (outcome) => tally[outcome] === a[outcome],
              ),
          },
        ]),
    ...(stored === undefined
      ? []
      : [
          {
            text: `rows by the sink's own count ${n(stored)} ${audit?.copiesMerged === true ? '≤' : '='} copies that the audit read ${n(a.sinkRows)}`,
            // A sink that merges copies may have merged some between the two questions.
            holds: audit?.copiesMerged === true ? stored <= a.sinkRows : stored === a.sinkRows,
          },
        ]),
    {
      text: `landed ${n(a.landed)} = acked and not missing ${n(a.acked - a.lost - a.late)} + recovered ${n(a.recovered)} + unexpected ${n(a.unexpected)}`,
      holds: a.landed === landed,
    },
  ]
}

function probesOf({ record }: Observed): SelfCheck['probes'] {
  const starts = record.log
    .flatMap((entry) => (entry.type === 'probe' ? [entry.startMs] : []))
    .sort((a, b) => a - b)
  const intervals = starts
    .slice(1)
    .map((start, i) => start - (starts[i] ?? start))
    .sort((a, b) => a - b)
  const at = (quantile: number): number | null => measured(percentile(intervals, quantile))
  return {
    count: starts.length,
    plannedMs: record.meta.probeIntervalMs,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    maxMs: at(1),
  }
}
