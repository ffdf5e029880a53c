import type { SelfCheck, Summary } from '../harness/analysis/summary.ts'
import { count, duration, NONE, NOT_KNOWN, percent } from './words.ts'

/** A table that every format draws in its own way. */
export interface Numbers {
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

function achieved({ achievedByPhase }: SelfCheck): Numbers {
  const rows = Object.entries(achievedByPhase).map(([phase, one]) => [
    phase,
    count(one.scheduled),
    count(one.sent),
    percent(one.ratio),
  ])
  return { title: 'Load achieved', columns: ['phase', 'scheduled', 'sent', 'achieved'], rows }
}

function latencies(check: SelfCheck): Numbers {
  const rows = (
    [
      ['send delay: sent - intended', check.sendDelay],
      ['acked - intended', check.ackFromIntended],
      ['acked - sent', check.ackFromSent],
      ['landed - intended, of what landed', check.landedFromIntended],
      ['landed - sent, of what landed', check.landedFromSent],
    ] as const
  ).map(([name, stats]) => [
    name,
    duration(stats.p50Ms),
    duration(stats.p95Ms),
    duration(stats.p99Ms),
    duration(stats.maxMs),
  ])
  return { title: 'Latencies', columns: ['latency', 'p50', 'p95', 'p99', 'max'], rows }
}

function processRow(name: string, report: SelfCheck['harness']): readonly string[] {
  if (report === null) return [name, ...Array.from({ length: 6 }, () => NONE)]
  const { cpuSeconds, wallSeconds, eventLoopDelayMs, gcPauseMs, throttled } = report
  return [
    name,
    percent(cpuSeconds / wallSeconds),
    duration(eventLoopDelayMs.p99),
    duration(eventLoopDelayMs.max),
    duration(gcPauseMs.total),
    duration(gcPauseMs.max),
    throttled === undefined || throttled === null
      ? 'not known'
      : `${count(throttled.times)} times, ${duration(throttled.ms)}`,
  ]
}
function processes({ load, harness }: SelfCheck): Numbers {
  return {
    title: 'Processes',
    columns: [
      'process',
      'CPU, of a core',
      'loop late, p99',
      'max',
      'GC in all',
      'longest',
      'throttled',
    ],
    rows: [processRow('load generator', load), processRow('harness', harness)],
  }
}

/** Older runs do not say. */
const held = ({ heldMs }: NonNullable<SelfCheck['load']>): string =>
  heldMs === undefined ? NOT_KNOWN : duration(heldMs.p99)

function producers({ load }: SelfCheck, { accounting }: Summary): Numbers {
  const rows = [
    ['rejected', count(accounting.rejected)],
    ['indeterminate', count(accounting.indeterminate)],
    ['unsent', count(accounting.unsent)],
    ['retries by the client', load === null ? NONE : count(load.retries)],
    ['held by the generator, p99', load === null ? NONE : held(load)],
    ['answers that did not match', load === null ? NONE : count(load.mismatchedAcks)],
    ...Object.entries(load?.errors ?? {}).map(([name, times]) => [`error ${name}`, count(times)]),
  ]
  return { title: 'Producers', columns: ['what', 'count'], rows }
}

/** Whether the harness itself can be believed. */
export function selfCheckTables(summary: Summary): readonly Numbers[] {
  const { selfCheck } = summary
  return [
    achieved(selfCheck),
    latencies(selfCheck),
    producers(selfCheck, summary),
    processes(selfCheck),
  ]
}

/** What is no table. */
export function selfCheckNotes(check: SelfCheck): readonly string[] {
  const { probes, clocks, negativeFreshness, drainComplete } = check
  return [
    `Probes: ${count(probes.count)}, planned every ${duration(probes.plannedMs)}; actual ${duration(probes.p50Ms)} (p50), ${duration(probes.p99Ms)} (p99), ${duration(probes.maxMs)} (max).`,
    `Clock offset to everything measured: ${clocks.offsetMs} ± ${clocks.boundMs} ms, ${clocks.how}.`,
    `Landed before they were due (negative freshness): ${count(negativeFreshness)}. Drain ${drainComplete ? 'complete' : 'not complete'}.`,
    'That each fault took effect and was removed is in the table of faults, with the times.',
  ]
}
