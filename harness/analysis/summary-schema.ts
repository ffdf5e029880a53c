import * as z from 'zod'
import { GUARANTEES } from '../../targets/target.ts'
import { DOUBT_CODES, PHASES } from '../run/log.ts'
import { measures } from '../scenario/measures.ts'

const runMs = z.number().describe('Milliseconds since the origin of the run.')
const ms = z.number().describe('Milliseconds.')
const count = z.int().describe('A number of events.')
const verdict = z.enum(['pass', 'fail', 'inconclusive'])
const phase = z.enum(PHASES)

const accounting = z.strictObject({
  audited: z.boolean().describe('The sink was read to the end after settling.'),
  scheduled: count,
  acked: count,
  rejected: count,
  indeterminate: count,
  unsent: count,
  landed: count.describe('Distinct events in the sink.'),
  lost: count.describe('Acked and absent, with the drain complete.'),
  lostAt: z
    .strictObject({
      upToLog: count.describe('The log does not hold them: lost at the source or in the log.'),
      afterLog: count.describe('The log holds them: lost between the log and the sink.'),
    })
    .nullable()
    .describe('Null where no log was there to ask.'),
  late: count.describe('Acked and absent, with the drain not complete.'),
  duplicatedPhysical: count.describe('Stored copies beyond one.'),
  duplicatedPhysicalAtLeast: z
    .boolean()
    .describe('The sink merges copies away: there were at least so many.'),
  duplicatedVisible: count.describe('Copies beyond one that a query returns.'),
  duplicatedBy: z.strictObject({
    sinkReplay: count.describe('The same partition and offset again.'),
    producerRetry: count.describe('Another offset.'),
  }),
  recovered: count.describe('Landed though indeterminate.'),
  unexpected: count.describe('Landed, but never attempted or definitely refused.'),
  corrupt: count,
  reordered: count,
  largestDisplacement: count,
  sinkRows: z.int().describe('Rows in the sink, copies included.'),
})

const freshness = z.strictObject({
  events: count,
  p50Ms: ms,
  p95Ms: ms,
  p99Ms: ms,
  maxMs: ms,
  errorMs: ms.describe(
    'The most by which any of the four values may be too high; none is too low.',
  ),
  censored: count.describe('Events that had not landed when the run ended.'),
  censoredFrom: z
    .enum(['none', 'p99', 'p95', 'p50'])
    .describe('From here on the percentiles are lower bounds.'),
  negative: count.describe('Events that landed before they were due.'),
})

const catchUp = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('recovered'), ms, errorMs: ms }),
  z.strictObject({ state: z.literal('not-recovered'), waitedMs: ms }),
])

const fault = z.strictObject({
  id: z.string(),
  fault: z.string(),
  on: z.string().nullable(),
  injectedMs: runMs,
  inForceMs: runMs.nullable(),
  healingMs: runMs.nullable(),
  healedMs: runMs.nullable(),
  evidence: z.string().nullable(),
  detectMs: ms.nullable().describe('Injection to the first window out of band.'),
  windowMs: ms.describe('Width of that window.'),
  catchUp,
  struckBy: z
    .array(z.string())
    .describe(
      'Faults in force between this heal and its catch-up: the time holds their outage too.',
    ),
  longestGapMs: ms,
  gapStartMs: runMs,
  peakBacklog: z.int().nullable().describe('Null where no event was owed.'),
  violationMs: ms,
  drainRateEps: z.number().nullable(),
  efficiency: z.number().nullable(),
  efficiencyNote: z.string(),
})

/** The scenario is checked where it is read; here it is quoted. */
const objective = z.strictObject({
  objective: z.looseObject({ measure: z.enum(measures.map((one) => one.kind)), max: z.number() }),
  value: z.number().nullable().describe('In the unit of the objective; null without data.'),
  censored: z.boolean().describe('The true value is at least this.'),
  verdict,
  sentence: z.string(),
})

const latency = z.strictObject({
  p50Ms: ms.nullable(),
  p95Ms: ms.nullable(),
  p99Ms: ms.nullable(),
  maxMs: ms.nullable(),
})

const self = {
  cpuSeconds: z.number(),
  wallSeconds: z.number(),
  eventLoopDelayMs: z.strictObject({ p50: ms, p99: ms, max: ms }),
  gcPauseMs: z.strictObject({ total: ms, max: ms }),
  throttled: z.strictObject({ times: z.int(), ms }).nullable().optional(),
}

const selfCheck = z.strictObject({
  achievedByPhase: z.partialRecord(
    phase,
    z.strictObject({ scheduled: count, sent: count, ratio: z.number() }),
  ),
  sendDelay: latency,
  ackFromIntended: latency,
  ackFromSent: latency,
  landedFromIntended: latency,
  landedFromSent: latency,
  unsent: count,
  negativeFreshness: count,
  identities: z.array(z.strictObject({ text: z.string(), holds: z.boolean() })),
  probes: z.strictObject({
    count: z.int(),
    plannedMs: ms,
    p50Ms: ms.nullable(),
    p99Ms: ms.nullable(),
    maxMs: ms.nullable(),
  }),
  load: z
    .looseObject({
      ...self,
      errors: z.record(z.string(), z.int()),
      retries: z.int(),
      mismatchedAcks: z.int(),
      tally: z
        .strictObject({
          offered: count,
          acked: count,
          rejected: count,
          indeterminate: count,
          unsent: count,
        })
        .optional()
        .describe("The generator's own count of what became of the events."),
      heldMs: z
        .strictObject({ p50: ms, p99: ms, max: ms })
        .optional()
        .describe('What requests that could have left waited for the generator itself.'),
    })
    .nullable(),
  harness: z.looseObject(self).nullable(),
  clocks: z.strictObject({ offsetMs: ms, boundMs: ms, how: z.string() }),
  drainComplete: z.boolean(),
})

const spread = z.strictObject({
  partitions: z.int(),
  largestPartitionShare: z.number().nullable(),
  keys: z.strictObject({
    asked: z.string(),
    ranks: z.array(z.strictObject({ keys: z.int(), asked: z.number(), achieved: z.number() })),
  }),
})

/** What `summary.json` holds. Keys may be added within a version; none changes its meaning. */
export const summarySchema = z.strictObject({
  version: z.literal(1),
  scenario: z.string(),
  question: z.string().nullable(),
  seed: z.int(),
  runtime: z.string(),
  guarantee: z.strictObject({
    declared: z.enum(GUARANTEES),
    kept: z.boolean().nullable().describe('Null where nobody can say.'),
    sentence: z.string(),
  }),
  verdict,
  sentence: z.string(),
  reasons: z.array(z.string()),
  doubts: z.array(z.strictObject({ code: z.enum(DOUBT_CODES), detail: z.string() })),
  notes: z.array(z.string()).describe('What the harness noted under way.'),
  accounting,
  freshness: z.partialRecord(phase, freshness).describe('By phase, over intended times.'),
  band: z
    .strictObject({ baselineP95Ms: ms, freshnessMs: ms, backlogEvents: z.number() })
    .nullable()
    .describe('What counts as steady; null without a baseline.'),
  shownCapacityEps: z.number().nullable().describe('Largest landed rate over any five seconds.'),
  faults: z.array(fault),
  objectives: z.array(objective),
  spread,
  gauges: z.array(
    z.strictObject({
      name: z.string(),
      samples: z.int(),
      median: z.number(),
      max: z.number(),
      last: z.number(),
    }),
  ),
  selfCheck,
  environment: z
    .looseObject({ version: z.literal(1), runId: z.string(), scenarioHash: z.string() })
    .describe('meta.json as the run wrote it.'),
  phases: z.array(z.strictObject({ phase, startMs: runMs, endMs: runMs })),
})
