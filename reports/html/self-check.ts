import type { Summary } from '../../harness/analysis/summary.ts'
import { selfCheckNotes, selfCheckTables } from '../self-check.ts'
import { count, percent } from '../words.ts'
import { page, type Markup } from './markup.ts'
import { table } from './table.ts'

/** Whether the harness itself can be believed. */
export function selfCheckBlock(summary: Summary): Markup {
  const { selfCheck } = summary
  const identities = selfCheck.identities.map(
    ({ text, holds }) =>
      page`<li><span class="word ${holds ? 'pass' : 'fail'}">${holds ? '✔ holds' : '✘ broken'}</span> ${text}</li>`,
  )
  const tables = selfCheckTables(summary).map(
    ({ title, columns, rows }) => page`<h3>${title}</h3>${table(title, columns, rows)}`,
  )
  return page`${tables}
<h3>Identities, probes and clocks</h3><ul>${identities}</ul>${selfCheckNotes(selfCheck).map((note) => page`<p>${note}</p>`)}`
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
