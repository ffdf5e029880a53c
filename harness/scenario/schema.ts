import * as z from 'zod'
import { count, duration, rate, share, size } from '../lib/quantity.ts'
import { faults } from '../faults/index.ts'
import { pipelines } from '../../targets/pipelines/index.ts'
import type { TargetKind } from '../../targets/target.ts'
import { loads } from '../load/index.ts'

/** A registry's members as one union; zod asks for a tuple, a registry is an array. */
function choiceOf<Output>(key: string, members: readonly z.ZodObject[]): z.ZodType<Output> {
  return z.discriminatedUnion(key, members as never)
}

const keys = z
  .strictObject({
    count: count.default(100_000).describe('Number of distinct keys.'),
    distribution: z.enum(['uniform', 'zipf', 'hot']).default('uniform'),
    skew: z.number().positive().max(5).default(1).describe('Exponent of the zipf distribution.'),
    hotShare: share.default(0.8).describe('Share of the events that go to key 0, for `hot`.'),
  })
  .prefault({})

const producer = z
  .strictObject({
    client: z.enum(['kafkajs']).default('kafkajs'),
    lanes: z.int().min(1).max(64).default(2),
    acks: z.enum(['all', 'leader', 'none']).default('all'),
    idempotent: z.boolean().default(false),
    maxPending: count
      .default(200_000)
      .describe(
        'Events due but unanswered that the generator holds; beyond, they are recorded as unsent.',
      ),
  })
  .prefault({})

const load = z.strictObject({
  seed: z.int().min(0).default(1),
  rate: z
    .union([
      rate,
      choiceOf<{ readonly shape: string }>(
        'shape',
        loads.map((one) => one.options),
      ),
    ])
    .describe('Events per second, or a shape.'),
  payload: z
    .strictObject({ size: size.default(200), format: z.enum(['json']).default('json') })
    .prefault({}),
  keys,
  producer,
})

const phases = z
  .strictObject({
    warmup: duration.default(10_000),
    baseline: duration.default(20_000),
    faults: duration.default(30_000),
    recovery: duration.default(60_000),
    settle: duration.default(60_000),
  })
  .prefault({})

const faultTimes = {
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/, 'lower-case letters, digits and dashes')
    .max(60),
  at: duration.describe('Start, from the start of the faults phase.'),
  for: duration.describe('How long it stays in force.'),
}

const objective = z.discriminatedUnion('measure', [
  z.strictObject({
    measure: z.literal('freshness'),
    stat: z.enum(['p50', 'p95', 'p99', 'max']),
    over: z.enum(['baseline', 'faults', 'recovery']),
    max: duration,
  }),
  z.strictObject({ measure: z.literal('catch-up'), after: z.string(), max: duration }),
  z.strictObject({ measure: z.enum(['lost', 'unexpected', 'corrupt', 'reordered']), max: count }),
  z.strictObject({
    measure: z.literal('duplicated'),
    view: z.enum(['physical', 'visible']),
    max: count,
  }),
  z.strictObject({
    measure: z.literal('backlog'),
    stat: z.literal('peak'),
    over: z.enum(['baseline', 'faults', 'recovery']),
    max: count,
  }),
])
export type Objective = z.output<typeof objective>
export const MEASURES = [
  'freshness',
  'catch-up',
  'lost',
  'unexpected',
  'corrupt',
  'reordered',
  'duplicated',
  'backlog',
] as const

const pipeline = choiceOf<{ readonly use: string; readonly with: Record<string, unknown> }>(
  'use',
  (pipelines as unknown as readonly TargetKind[]).map((one) =>
    z.strictObject({ use: z.literal(one.kind), with: one.options.prefault({}) }),
  ),
)

export const scenarioSchema = z.strictObject({
  version: z.literal(1),
  name: z.string().min(1).max(200),
  question: z.string().max(500).optional(),
  pipeline,
  runtime: z.enum(['auto', 'process']).default('auto'),
  load,
  phases,
  probe: z.strictObject({ interval: duration.default(100) }).prefault({}),
  faults: z
    .array(
      choiceOf<FaultStep>(
        'fault',
        faults.map((one) =>
          z.strictObject({
            ...faultTimes,
            fault: z.literal(one.kind),
            ...(one.subject === 'service' || one.subject === 'link' ? { on: z.string() } : {}),
            ...one.options.shape,
          }),
        ),
      ),
    )
    .max(100)
    .default([]),
  objectives: z.array(objective).max(100).default([]),
  repeat: z.int().min(1).max(100).default(1),
})

/** A fault with its times (ms from the start of the faults phase) and its own options. */
export interface FaultStep {
  readonly id: string
  readonly fault: string
  readonly on?: string
  readonly at: number
  readonly for: number
  readonly [option: string]: unknown
}
export type Scenario = z.output<typeof scenarioSchema>
