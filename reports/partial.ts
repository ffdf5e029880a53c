import type { PartialSummary } from '../harness/analysis/partial.ts'
import { list, plain, table } from './markdown.ts'
import { count, doubtText, duration, NONE, VERDICTS } from './words.ts'

/** What is known of a run that was killed before it was measured, as Markdown. */
export function renderPartial(summary: PartialSummary): string {
  const { word, icon } = VERDICTS[summary.verdict]
  const { phases, faults, progress, environment } = summary
  const blocks = [
    `# ${icon} ${word}: ${plain(summary.scenario)}`,
    plain(summary.sentence),
    '## Doubts',
    list(summary.doubts.map(doubtText)),
    '## Phases',
    table(
      ['phase', 'from', 'to'],
      phases.map((one) => [one.phase, duration(one.startMs), duration(one.endMs)]),
    ),
    ...(faults.length === 0 ? [] : ['## Faults', faultTable(faults)]),
    '## Last counts',
    progress === null ? 'The load had not begun.' : lastCounts(progress),
    plain(`Run ${environment.runId}, Freshet ${environment.freshet.version}.`),
  ]
  return `${blocks.join('\n\n')}\n`
}

const faultTable = (faults: PartialSummary['faults']): string =>
  table(
    ['fault', 'what', 'injected at', 'in force at', 'healed at', 'evidence'],
    faults.map((one) => [
      one.id,
      one.on === null ? one.fault : `${one.fault} on ${one.on}`,
      duration(one.injectedMs),
      duration(one.inForceMs),
      duration(one.healedMs),
      one.evidence ?? NONE,
    ]),
  )

const lastCounts = (progress: NonNullable<PartialSummary['progress']>): string =>
  table(
    ['at', 'offered', 'acked', 'unsent', 'seen in the sink'],
    [
      [
        duration(progress.atMs),
        count(progress.offered),
        count(progress.acked),
        count(progress.unsent),
        count(progress.landed),
      ],
    ],
  )
