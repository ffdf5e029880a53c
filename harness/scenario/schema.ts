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
    count: count.prefault('100k').describe('Number of distinct keys.'),
    distribution: z
      .enum(['uniform', 'zipf', 'hot'])
      .default('uniform')
      .describe('How the events spread over the keys.'),
    skew: z.number().positive().max(5).default(1).describe('Exponent of the zipf distribution.'),
    hotShare: share.prefault('80%').describe('Share of the events that go to key 0, for `hot`.'),
  })
  .prefault({})

const producer = z
  .strictObject({
    client: z
      .enum(['kafkajs', 'platformatic'])
      .default('kafkajs')
      .describe('Client library of the generator; platformatic: @platformatic/kafka.'),
    lanes: z
      .int()
      .min(1)
      .max(64)
      .default(2)
      .describe('Producers, each with a sequence of its own.'),
    acks: z
      .enum(['all', 'leader', 'none'])
      .default('all')
      .describe('Which replicas have to confirm a write.'),
    idempotent: z
      .boolean()
      .default(false)
      .describe('Lets the broker drop what a retry sends twice.'),
    linger: duration
      .prefault('20ms')
      .describe(
        'What an event waits for others of its lane and partition, to leave in one request.',
      ),
    maxPending: count
      .prefault('200k')
      .describe(
        'Events due but unanswered that the generator holds; beyond, they are recorded as unsent.',
      ),
  })
  .prefault({})

const load = z.strictObject({
  seed: z.int().min(0).default(1).describe('The same seed offers the same events.'),
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
    .strictObject({
      size: size.prefault('200B').describe('Of one event.'),
      format: z.enum(['json']).default('json').describe('How an event is written.'),
    })
    .prefault({}),
  keys,
  producer,
})

const phases = z
  .strictObject({
    warmup: duration.prefault('10s').describe('Load before anything is measured.'),
    baseline: duration
      .prefault('20s')
      .describe('Load with nothing broken: what a recovery is compared with.'),
    faults: duration
      .prefault('30s')
      .describe('Load while the faults come and go; their times count from its start.'),
    recovery: duration.prefault('60s').describe('Load after the last fault.'),
    settle: duration
      .prefault('60s')
      .describe('No load: waiting for the last event, at most so long.'),
  })
  .prefault({})

const faultTimes = {
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/, 'a name of lower-case letters, digits and dashes')
    .max(60)
    .describe('Names it in objectives and reports.'),
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
  version: z.literal(1).describe('Of this format.'),
  name: z.string().min(1).max(200).describe('Names the run directory and the report.'),
  question: z.string().max(500).optional().describe('What the run is to answer.'),
  pipeline: pipeline.describe('What is under test: `use` names it, `with` holds its options.'),
  runtime: z.enum(['auto', 'process']).default('auto').describe('Where its services live.'),
  load,
  phases,
  probe: z
    .strictObject({
      interval: duration
        .prefault('100ms')
        .describe('How often the sink is asked what has landed: the error of every freshness.'),
    })
    .prefault({}),
  faults: z
    .array(
      choiceOf<FaultStep, FaultInput>(
        'fault',
        faults.map((one) =>
          z.strictObject({
            ...faultTimes,
            fault: z.literal(one.kind),
            ...(one.subject === 'service' || one.subject === 'link'
              ? { on: z.string().describe('What it acts on: `service:name` or `link:name`.') }
              : {}),
            ...one.options.shape,
          }),
        ),
      ),
    )
    .max(100)
    .default([])
    .describe('What is broken, and when.'),
  objectives: z
    .array(
      choiceOf<Objective, z.input<Measure['options']>>(
        'measure',
        measures.map((one) => one.options),
      ),
    )
    .max(100)
    .default([])
    .describe('What has to hold: each bounds one measure.'),
  repeat: z.int().min(1).max(100).default(1).describe('Runs, each from a clean state.'),
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
/** Of a fault without options zod would say that it has no key at all. */
type OptionsOf<Options> = string extends keyof Options ? unknown : Options
type AnyFault = (typeof faults)[number]
type FaultInput = {
  readonly [One in AnyFault as One['kind']]: OptionsOf<z.input<One['options']>> & {
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
