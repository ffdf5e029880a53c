import type { Summary } from '../../harness/analysis/summary.ts'
import { count } from '../words.ts'
import { page, type Markup } from './markup.ts'
import { table } from './table.ts'

const gibibytes = (bytes: number): string => `${(bytes / 1024 ** 3).toFixed(1)} GiB`

function limitsOf(limits: Summary['environment']['host']['limits']): string {
  if (limits === undefined) return 'not recorded'
  const { cores, memoryBytes } = limits
  return `${cores === null ? 'no limit on cores' : `${count(cores)} cores`}, ${memoryBytes === null ? 'no limit on memory' : gibibytes(memoryBytes)}`
}

const pairs = (record: Readonly<Record<string, string | number>>) =>
  Object.entries(record).map(([name, value]) => [name, String(value)])

export function environmentBlock({ environment, runtime, seed }: Summary): Markup {
  const { host, freshet } = environment
  const rows = [
    ['run', environment.runId],
    ['started', environment.startedAt],
    ['freshet', `${freshet.version}${freshet.commit === null ? '' : ` (${freshet.commit})`}`],
    ['runtime', runtime],
    ['seed', String(seed)],
    ['scenario hash', environment.scenarioHash],
    ['host', `${host.cores} cores, ${host.cpu}, ${gibibytes(host.memoryBytes)}`],
    ['limits', limitsOf(host.limits)],
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
