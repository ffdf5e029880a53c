import type { RunMs } from '../lib/clock.ts'
import type { Phase } from '../run/log.ts'
import type { RunRecord } from '../run/record.ts'

export interface PhaseSpan {
  readonly phase: Phase
  readonly startMs: RunMs
  readonly endMs: RunMs
}
/** Phases in which events are offered. */
export const LOAD_PHASES = ['warmup', 'baseline', 'faults', 'recovery'] as const
/** Phases whose freshness is a result. */
export const MEASURED_PHASES = ['baseline', 'faults', 'recovery'] as const

const latest = (record: Pick<RunRecord, 'log'>): RunMs =>
  record.log.reduce((end, entry) => Math.max(end, entry.atMs), 0)

/** Phases as they happened: a phase lasts until the next one, the last until the log's last entry. */
export function phasesOf(record: Pick<RunRecord, 'log'>): readonly PhaseSpan[] {
  const entries = record.log.flatMap((entry) => (entry.type === 'phase' ? [entry] : []))
  const end = latest(record)
  return entries.map((entry, i) => ({
    phase: entry.phase,
    startMs: entry.atMs,
    endMs: entries[i + 1]?.atMs ?? end,
  }))
}

export const spanOf = (spans: readonly PhaseSpan[], phase: Phase): PhaseSpan | null =>
  spans.find((span) => span.phase === phase) ?? null

/** When the load stopped: the start of settle; without one (interrupted) the last moment of a load phase. */
export function loadEndOf(spans: readonly PhaseSpan[]): RunMs {
  const settle = spanOf(spans, 'settle')
  if (settle !== null) return settle.startMs
  return LOAD_PHASES.reduce((end, phase) => Math.max(end, spanOf(spans, phase)?.endMs ?? 0), 0)
}

/** The last moment at which a landing could have been seen: the end of settle. */
export function watchEndOf(spans: readonly PhaseSpan[]): RunMs {
  const settle = spanOf(spans, 'settle')
  return settle === null ? loadEndOf(spans) : settle.endMs
}
