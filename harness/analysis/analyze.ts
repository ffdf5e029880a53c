import type { RunRecord } from '../run/record.ts'
import { accountingOf } from './accounting.ts'
import { backlogOf, type Backlog } from './backlog.ts'
import { shownCapacityOf } from './capacity.ts'
import { bandOf, type Band } from './catch-up.ts'
import { doubtsOf } from './doubts.ts'
import { notesOf } from './notes.ts'
import { faultsOf } from './faults.ts'
import { freshnessOf, phaseSamples } from './freshness.ts'
import { guaranteeOf } from './guarantee.ts'
import { objectivesOf } from './objectives.ts'
import { observe, type Observed } from './observed.ts'
import { MEASURED_PHASES, spanOf } from './phases.ts'
import { selfCheckOf } from './self-check.ts'
import { gaugeStatsOf } from './gauges.ts'
import { seriesOf } from './series.ts'
import { spreadOf } from './spread.ts'
import { unsteadiness } from './steady-state.ts'
import type { Analysis, FaultSummary, Summary } from './summary.ts'
import { verdictOf } from './verdict.ts'
import { windowsOf, type Windows } from './windows.ts'

/** Folds what a run left behind into what it means. Pure: the same record gives the same analysis. */
export function analyze(record: RunRecord): Analysis {
  const observed = observe(record)
  const windows = windowsOf(observed)
  const backlog = backlogOf(observed, windows.stepMs)
  return { summary: summaryOf(observed, windows, backlog), series: seriesOf(observed, backlog) }
}

function summaryOf(observed: Observed, windows: Windows, backlog: Backlog): Summary {
  const { meta } = observed.record
  const { scenario, guarantee } = meta
  const band = bandOf(observed, backlog)
  const freshness = freshnessByPhase(observed)
  const accounting = accountingOf(observed)
  const selfCheck = selfCheckOf(observed, accounting)
  const shownCapacityEps = shownCapacityOf(backlog)
  const faults = faultSummaries(observed, { windows, backlog, band, shownCapacityEps })
  const doubts = doubtsOf({
    observed,
    accounting,
    selfCheck,
    unsteady: unsteadiness(observed, backlog),
  })
  const objectives = objectivesOf({
    observed,
    accounting,
    freshness,
    backlog,
    faults,
    band,
    doubts,
  })
  const judgement = verdictOf({
    guarantee,
    accounting,
    objectives,
    doubts,
    faults,
    identities: selfCheck.identities,
  })
  return {
    version: 1,
    scenario: scenario.name,
    question: scenario.question ?? null,
    seed: meta.seed,
    runtime: meta.runtime,
    guarantee: guaranteeOf(guarantee, accounting),
    ...judgement,
    doubts,
    notes: notesOf(observed.record.log),
    accounting,
    freshness,
    band,
    shownCapacityEps,
    faults,
    objectives,
    spread: spreadOf(observed),
    gauges: gaugeStatsOf(observed),
    selfCheck,
    environment: meta,
    phases: observed.phases,
  }
}

function faultSummaries(
  observed: Observed,
  by: {
    windows: Windows
    backlog: Backlog
    band: Band | null
    shownCapacityEps: number | null
  },
): readonly FaultSummary[] {
  const { windows, backlog, band } = by
  return faultsOf({
    observed,
    backlog,
    steadiness: band === null ? null : { observed, windows, backlog, band },
    capacityEps: by.shownCapacityEps,
  })
}

function freshnessByPhase(observed: Observed): Summary['freshness'] {
  const entries = MEASURED_PHASES.flatMap((phase) => {
    const span = spanOf(observed.phases, phase)
    const stats = span === null ? null : freshnessOf(phaseSamples(observed, span))
    return stats === null ? [] : [[phase, stats] as const]
  })
  return Object.fromEntries(entries)
}
