import type { FaultSummary, Summary } from '../../harness/analysis/summary.ts'
import {
  accountingNotes,
  accountingRows,
  caughtUp,
  count,
  duration,
  faultTitle,
  freshnessStat,
  guaranteeVerdict,
  isWrong,
  noticed,
  rowCount,
  objectiveBound,
  objectiveName,
  objectiveValue,
  NONE,
  percent,
  perSecond,
} from '../words.ts'
import { page, type Markup } from './markup.ts'
import { table } from './table.ts'
import { verdictWord } from './verdict.ts'

export function objectivesBlock({ objectives, guarantee }: Summary): Markup {
  const kept = [
    page`guarantee: ${guarantee.declared}`,
    'kept',
    guaranteeVerdict({ guarantee }).word,
    verdictWord(guaranteeVerdict({ guarantee }).verdict),
    guarantee.sentence,
  ] as const
  const rows = objectives.map(
    (one) =>
      [
        objectiveName(one),
        objectiveBound(one),
        objectiveValue(one),
        verdictWord(one.verdict),
        one.sentence,
      ] as const,
  )
  return table(
    'Objectives',
    ['objective', 'asked', 'measured', 'verdict', 'in words'],
    [kept, ...rows],
  )
}

function healedWhen({ healingMs, healedMs }: FaultSummary): string {
  if (healedMs === null) return 'not confirmed'
  const took =
    healingMs === null ? '' : `, ${duration(healedMs - healingMs)} after it was asked for`
  return `${duration(healedMs)}${took}`
}
function faultRow(fault: FaultSummary) {
  const took =
    fault.inForceMs === null
      ? 'never seen to act'
      : `${duration(fault.inForceMs - fault.injectedMs)} later`
  const effect = page`${took}${fault.evidence === null ? null : page`: ${fault.evidence}`}`
  return [
    fault.id,
    faultTitle(fault),
    duration(fault.injectedMs),
    effect,
    healedWhen(fault),
    caughtUp(fault),
  ] as const
}
function faultCosts(fault: FaultSummary) {
  const { longestGapMs, violationMs, peakBacklog, drainRateEps, efficiency } = fault
  return [
    fault.id,
    noticed(fault),
    duration(longestGapMs),
    duration(violationMs),
    count(peakBacklog),
    perSecond(drainRateEps),
    efficiency === null ? NONE : percent(efficiency),
  ]
}
export function faultsBlock({ faults }: Summary): Markup {
  if (faults.length === 0) return page`<p>The scenario injects no fault.</p>`
  return page`${table('Faults', ['fault', 'what', 'injected at', 'in force (evidence)', 'healed (confirmed)', 'caught up in'], faults.map(faultRow))}
<h3>What each fault cost</h3>
${table('What each fault cost', ['fault', 'noticed after', 'longest gap', 'out of band for', 'peak backlog', 'drain rate', 'efficiency'], faults.map(faultCosts))}${faults.map(({ id, efficiencyNote }) => page`<p class="note">Efficiency after ${id}: ${efficiencyNote}.</p>`)}`
}

export function freshnessBlock({ freshness, band }: Summary): Markup {
  const rows = Object.entries(freshness).map(([phase, stats]) => [
    phase,
    count(stats.events),
    ...(['p50', 'p95', 'p99', 'max'] as const).map((stat) => freshnessStat(stats, stat)),
    duration(stats.errorMs),
    count(stats.censored),
  ])
  const steady =
    band === null
      ? 'There was no baseline to call anything steady.'
      : `Steady means p95 freshness of at most ${duration(band.freshnessMs)} (baseline ${duration(band.baselineP95Ms)}) and a backlog of at most ${count(band.backlogEvents)} events.`
  return page`${table('Freshness by phase', ['phase', 'events', 'p50', 'p95', 'p99', 'max', 'too high by at most', 'not landed'], rows)}<p class="note">${steady}</p>`
}

export function ledgerBlock(summary: Summary): Markup {
  const rows = accountingRows(summary).map((row) => [
    row.name,
    rowCount(row),
    isWrong(row) ? page`<span class="word fail">✘ should be 0</span>` : '',
  ])
  return page`${table('Ledger', ['events', 'count', ''], rows)}${accountingNotes(summary.accounting).map((note) => page`<p class="note">${note}</p>`)}`
}
