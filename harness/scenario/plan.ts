import type { RunMs } from '../lib/clock.ts'
import type { FaultStep, Scenario } from './schema.ts'
import type { Load } from '../load/load.ts'
import type { KeyOptions } from '../load/keys.ts'
import { scaled, type Segment } from '../load/schedule.ts'

/** The load as plain data: a worker process makes the same schedule from it. */
export interface LoadPlan {
  readonly segments: readonly Segment[]
  readonly keys: KeyOptions
  readonly payloadBytes: number
  readonly lanes: number
  readonly producer: Scenario['load']['producer']
}
export interface PlannedPhases {
  readonly warmup: RunMs
  readonly baseline: RunMs
  readonly faults: RunMs
  readonly recovery: RunMs
  readonly settle: RunMs
  readonly end: RunMs
}
export interface PlannedFault extends FaultStep {
  readonly injectAt: RunMs
  readonly healAt: RunMs
}
/** The scenario compiled: every time, count and limit known, nothing started. Times are ms from the start of the load. */
export interface Plan {
  readonly phases: PlannedPhases
  readonly load: LoadPlan
  readonly faults: readonly PlannedFault[]
  readonly peakEps: number
}

export function planOf(scenario: Scenario, loads: readonly Load[]): Plan {
  const phases = phasesOf(scenario)
  const faults: PlannedFault[] = scenario.faults.map((one) => ({
    ...one,
    injectAt: phases.faults + one.at,
    healAt: phases.faults + one.at + one.for,
  }))
  const segments = faults
    .filter((one) => one.fault === 'rate')
    .reduce(
      (load, one) => scaled(load, one.injectAt, one.healAt, Number(one['factor'])),
      baseSegments(scenario, loads, phases.settle),
    )
  const hotWindows = faults
    .filter((one) => one.fault === 'hot-key')
    .map((one) => ({ fromMs: one.injectAt, toMs: one.healAt, share: Number(one['share']) }))
  return {
    phases,
    faults,
    // Not by spreading: a burst a second makes more segments in some hours than a call takes arguments.
    peakEps: segments.reduce((most, one) => Math.max(most, one.fromEps, one.toEps), 0),
    load: {
      segments,
      keys: { ...scenario.load.keys, seed: scenario.load.seed, hotWindows },
      payloadBytes: scenario.load.payload.size,
      lanes: scenario.load.producer.lanes,
      producer: scenario.load.producer,
    },
  }
}

function phasesOf({ phases }: Scenario): PlannedPhases {
  const baseline = phases.warmup
  const faults = baseline + phases.baseline
  const recovery = faults + phases.faults
  const settle = recovery + phases.recovery
  return { warmup: 0, baseline, faults, recovery, settle, end: settle + phases.settle }
}

function baseSegments(
  scenario: Scenario,
  loads: readonly Load[],
  durationMs: number,
): readonly Segment[] {
  const { rate } = scenario.load
  if (typeof rate === 'number')
    return [{ startMs: 0, endMs: durationMs, fromEps: rate, toEps: rate }]
  const shape = loads.find((one) => one.kind === rate.shape)
  if (shape === undefined) throw new Error(`no load shape ${rate.shape}: the schema let it through`)
  return shape.segments(rate as never, durationMs)
}
