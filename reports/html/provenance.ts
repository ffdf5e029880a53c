import type { LatencyStats, SelfCheck, Summary } from '../../harness/analysis/summary.ts'
import { count, duration, percent } from '../words.ts'
import { page, type Markup } from './markup.ts'
import { table } from './table.ts'

const latency = (name: string, stats: LatencyStats) => [
  name,
  duration(stats.p50Ms),
  duration(stats.p95Ms),
  duration(stats.p99Ms),
  duration(stats.maxMs),
]

function loadNotes({
  load,
  probes,
  drainComplete,
  unsent,
  negativeFreshness,
}: SelfCheck): readonly string[] {
  const worker =
    load === null
      ? ['The load worker left no report of itself.']
      : [
          `Load worker: ${load.cpuSeconds.toFixed(1)} CPU s in ${load.wallSeconds.toFixed(1)} s; event loop late by ${duration(load.eventLoopDelayMs.p99)} (p99), ${duration(load.eventLoopDelayMs.max)} (max); GC paused ${duration(load.gcPauseMs.total)} in all, ${duration(load.gcPauseMs.max)} at most; ${count(load.retries)} retries; ${count(load.mismatchedAcks)} answers that did not match.`,
          ...Object.entries(load.errors).map(
            ([name, times]) => `Error seen by the load worker, ${count(times)} times: ${name}`,
          ),
        ]
  return [
    `Probes: ${count(probes.count)}, planned every ${duration(probes.plannedMs)}; actual ${duration(probes.p50Ms)} (p50), ${duration(probes.p99Ms)} (p99), ${duration(probes.maxMs)} (max).`,
    ...worker,
    `Unsent: ${count(unsent)}. Negative freshness: ${count(negativeFreshness)}. Drain ${drainComplete ? 'complete' : 'not complete'}.`,
  ]
}

export function selfCheckBlock({ selfCheck }: Summary): Markup {
  const achieved = Object.entries(selfCheck.achievedByPhase).map(([phase, one]) => [
    phase,
    count(one.scheduled),
    count(one.sent),
    percent(one.ratio),
  ])
  const times = [
    latency('send delay', selfCheck.sendDelay),
    latency('acked, from intended', selfCheck.ackFromIntended),
    latency('acked, from sent', selfCheck.ackFromSent),
  ]
  const identities = selfCheck.identities.map(
    ({ text, holds }) =>
      page`<li><span class="word ${holds ? 'pass' : 'fail'}">${holds ? '✔ holds' : '✘ broken'}</span> ${text}</li>`,
  )
  return page`${table('Load achieved', ['phase', 'scheduled', 'sent', 'achieved'], achieved)}
<h3>The generator’s own latencies</h3>${table('Latencies of the generator', ['latency', 'p50', 'p95', 'p99', 'max'], times)}
<h3>Identities and probes</h3><ul>${identities}</ul>${loadNotes(selfCheck).map((note) => page`<p>${note}</p>`)}`
}

const pairs = (record: Readonly<Record<string, string | number>>) =>
  Object.entries(record).map(([name, value]) => [name, String(value)])

export function environmentBlock({ environment, runtime }: Summary): Markup {
  const { host, freshet } = environment
  const rows = [
    ['run', environment.runId],
    ['started', environment.startedAt],
    ['freshet', `${freshet.version}${freshet.commit === null ? '' : ` (${freshet.commit})`}`],
    ['runtime', runtime],
    ['scenario hash', environment.scenarioHash],
    ['host', `${host.cores} cores, ${host.cpu}, ${(host.memoryBytes / 1024 ** 3).toFixed(1)} GiB`],
    ['system', `${host.platform} ${host.kernel}, Node ${host.node}`],
    [
      'load',
      `${count(environment.events)} events in ${environment.lanes} lanes, peak ${count(environment.peakEps)}/s`,
    ],
  ]
  return page`${table('Environment', ['what', 'value'], rows)}
<h3>Versions and settings</h3>${table('Versions and settings', ['name', 'value'], [...pairs(environment.versions), ...pairs(environment.settings)])}`
}

/** A word for a POSIX shell, whatever is in it. */
const shellWord = (text: string): string =>
  /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
export const reproduce = ({ environment, seed }: Summary): string =>
  `freshet run ${shellWord(environment.scenarioFile)} --seed ${seed}`
export const reproduceBlock = (
  summary: Summary,
): Markup => page`<pre tabindex="0" aria-label="Command"><code>${reproduce(summary)}</code></pre>
<p class="note">Times depend on the machine; counts, keys and the schedule follow from the seed.</p>`
