import * as z from 'zod'
import { count, duration, rate, share, size } from '../lib/quantity.ts'
import { faults } from '../faults/index.ts'
import { pipelines } from '../../targets/pipelines/index.ts'
import type { TargetKind } from '../../targets/target.ts'
import { loads } from '../load/index.ts'
import { measures } from './measures.ts'

/** A registry's members as one union; zod asks for a tuple, a registry is an array. */
function choiceOf<Output, Input>(
  key: string,
  members: readonly z.ZodObject[],
): z.ZodType<Output, Input> {
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
    client: z
      .enum(['kafkajs', 'platformatic'])
      .default('kafkajs')
      .describe('Client library of the generator; platformatic: @platformatic/kafka.'),
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
      choiceOf<
        { readonly shape: string },
        { readonly shape: string; readonly [option: string]: unknown }
      >(
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
    .regex(/^[a-z0-9][a-z0-9-]*$/, 'a name of lower-case letters, digits and dashes')
    .max(60),
  at: duration.describe('Start, from the start of the faults phase.'),
  for: duration.describe('How long it stays in force.'),
}

const pipeline = choiceOf<
  { readonly use: string; readonly with: Record<string, unknown> },
  PipelineInput
>(
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
      choiceOf<FaultStep, FaultInput>(
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
  objectives: z
    .array(
      choiceOf<Objective, z.input<Measure['options']>>(
        'measure',
        measures.map((one) => one.options),
      ),
    )
    .max(100)
    .default([]),
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
type Measure = (typeof measures)[number]
export type Objective = z.output<Measure['options']>
type Pipeline = (typeof pipelines)[number]
type PipelineInput = {
  readonly [One in Pipeline as One['kind']]: {
    readonly use: One['kind']
    readonly with?: z.input<One['options']>
  }
}[Pipeline['kind']]
type AnyFault = (typeof faults)[number]
type FaultInput = {
  readonly [One in AnyFault as One['kind']]: z.input<One['options']> & {
    readonly id: string
    readonly fault: One['kind']
    readonly on?: string
    readonly at: string | number
    readonly for: string | number
  }
}[AnyFault['kind']]

/** A scenario as its author writes it, in YAML or in TypeScript. */
export type ScenarioInput = z.input<typeof scenarioSchema>
export type Scenario = z.output<typeof scenarioSchema>
