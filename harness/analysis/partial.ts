import type { RunMs } from '../lib/clock.ts'
import type { LogEntry } from '../run/log.ts'
import type { PartialRecord, Started } from '../run/record.ts'
import { edgesOf } from './faults.ts'
import { phasesOf, type PhaseSpan } from './phases.ts'
import type { Doubt, FaultSummary } from './summary.ts'

type Progress = Extract<LogEntry, { type: 'progress' }>

/** summary.json of a run that was killed before its ledger was written: what its log says, and no measure. */
export interface PartialSummary {
  readonly version: 1
  readonly partial: true
  readonly scenario: string
  readonly question: string | null
  readonly seed: number
  readonly verdict: 'inconclusive'
  readonly sentence: string
  readonly reasons: readonly string[]
  readonly doubts: readonly Doubt[]
  readonly missing: readonly string[]
  readonly phases: readonly PhaseSpan[]
  readonly faults: readonly (Pick<FaultSummary, 'id' | 'fault' | 'on' | 'evidence'> & {
    readonly injectedMs: RunMs | null
    readonly inForceMs: RunMs | null
    readonly healedMs: RunMs | null
  })[]
  /** The last counts that were logged. */
  readonly progress: (Progress['load'] & { readonly atMs: RunMs; readonly landed: number }) | null
  /** The last value of each gauge. */
  readonly gauges: Readonly<Record<string, number>>
  readonly environment: Started
}

export function partialOf({ started, log, missing }: PartialRecord): PartialSummary {
  const { scenario, seed } = started
  const phases = phasesOf({ log })
  const sentence = `the run ended in ${phases.at(-1)?.phase ?? 'setup'}, before it was measured`
  const doubts = [
    { code: 'interrupted', detail: `${sentence}: no ${missing.join(', ')}` } as const,
    ...log.flatMap((entry) =>
      entry.type === 'doubt' ? [{ code: entry.code, detail: entry.detail }] : [],
    ),
  ]
  return {
    version: 1,
    partial: true,
    scenario: scenario.name,
    question: scenario.question ?? null,
    seed,
    verdict: 'inconclusive',
    sentence,
    reasons: doubts.map(({ code, detail }) => `${code}: ${detail}`),
    doubts,
    missing,
    phases,
    faults: scenario.faults.map((step) => {
      const { injecting, inForce, healed, evidence } = edgesOf({ record: { log } }, step.id)
      const { id, fault, on = null } = step
      return {
        id,
        fault,
        on,
        evidence,
        injectedMs: injecting,
        inForceMs: inForce,
        healedMs: healed,
      }
    }),
    progress: lastProgress(log),
    gauges: Object.fromEntries(
      log.flatMap((entry) => (entry.type === 'gauge' ? [[entry.name, entry.value]] : [])),
    ),
    environment: started,
  }
}

function lastProgress(log: readonly LogEntry[]): PartialSummary['progress'] {
  const last = log.findLast((entry) => entry.type === 'progress')
  return last === undefined ? null : { atMs: last.atMs, ...last.load, landed: last.landed }
}
