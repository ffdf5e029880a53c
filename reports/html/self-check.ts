import type { SelfCheck, Summary } from '../../harness/analysis/summary.ts'
import { count, duration, NONE, percent } from '../words.ts'
import { page, type Markup } from './markup.ts'
import { table } from './table.ts'

function achieved({ achievedByPhase }: SelfCheck): Markup {
  const rows = Object.entries(achievedByPhase).map(([phase, one]) => [
    phase,
    count(one.scheduled),
    count(one.sent),
    percent(one.ratio),
  ])
  return table('Load achieved', ['phase', 'scheduled', 'sent', 'achieved'], rows)
}

function latencies(check: SelfCheck): Markup {
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
  return table('Latencies over the whole run', ['latency', 'p50', 'p95', 'p99', 'max'], rows)
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
const processes = ({ load, harness }: SelfCheck): Markup =>
  table(
    'Processes of the harness',
    ['process', 'CPU, of a core', 'loop late, p99', 'max', 'GC in all', 'longest', 'throttled'],
    [processRow('load generator', load), processRow('harness', harness)],
  )

function producers({ load }: SelfCheck, { accounting }: Summary): Markup {
  const rows = [
    ['rejected', count(accounting.rejected)],
    ['indeterminate', count(accounting.indeterminate)],
    ['unsent', count(accounting.unsent)],
    ['retries by the client', load === null ? NONE : count(load.retries)],
    ['answers that did not match', load === null ? NONE : count(load.mismatchedAcks)],
    ...Object.entries(load?.errors ?? {}).map(([name, times]) => [`error ${name}`, count(times)]),
  ]
  return table('Producers', ['what', 'count'], rows)
}

function notes(check: SelfCheck): readonly string[] {
  const { probes, clocks, negativeFreshness, drainComplete } = check
  return [
    `Probes: ${count(probes.count)}, planned every ${duration(probes.plannedMs)}; actual ${duration(probes.p50Ms)} (p50), ${duration(probes.p99Ms)} (p99), ${duration(probes.maxMs)} (max).`,
    `Clock offset to everything measured: ${clocks.offsetMs} ± ${clocks.boundMs} ms, ${clocks.how}.`,
    `Landed before they were due (negative freshness): ${count(negativeFreshness)}. Drain ${drainComplete ? 'complete' : 'not complete'}.`,
    'That each fault took effect and was removed is in the table of faults, with the times.',
  ]
}

/** Whether the harness itself can be believed. */
export function selfCheckBlock(summary: Summary): Markup {
  const { selfCheck } = summary
  const identities = selfCheck.identities.map(
    ({ text, holds }) =>
      page`<li><span class="word ${holds ? 'pass' : 'fail'}">${holds ? '✔ holds' : '✘ broken'}</span> ${text}</li>`,
  )
  return page`${achieved(selfCheck)}
<h3>Latencies</h3>${latencies(selfCheck)}
<h3>Producers</h3>${producers(selfCheck, summary)}
<h3>Processes</h3>${processes(selfCheck)}
<h3>Identities, probes and clocks</h3><ul>${identities}</ul>${notes(selfCheck).map((note) => page`<p>${note}</p>`)}`
}

/** The inner view: it explains, it never decides. */
export function insideBlock({ spread, gauges }: Summary): Markup {
  const { partitions, largestPartitionShare: largest } = spread
  const skew =
    largest === null
      ? 'No partitions are known.'
      : `${count(partitions)} partitions; the fullest took ${percent(largest)} of the events that were sent, ${(largest * partitions).toFixed(2)} times an even share.`
  const rows = gauges.map((one) => [
    one.name,
    count(one.samples),
    count(one.median),
    count(one.max),
    count(one.last),
  ])
  return page`<p>${skew} Keys asked for: ${spread.keys.asked}.</p>
${rows.length === 0 ? page`<p class="none">No data: the pipeline has no gauges.</p>` : table('Gauges', ['gauge', 'readings', 'median', 'largest', 'last'], rows)}
<p class="note">Gauges are the pipeline’s own account of itself, from the baseline on. They explain; they never decide the verdict.</p>`
}
