import type { Analysis, Summary } from '../harness/analysis/summary.ts'
import { reproduce } from './html/provenance.ts'
import { keyFigures } from './html/verdict.ts'
import { stripControl } from './html/markup.ts'
import { selfCheckNotes, selfCheckTables } from './self-check.ts'
import {
  accountingNotes,
  accountingRows,
  caughtUp,
  count,
  duration,
  doubtText,
  faultTitle,
  freshnessStat,
  guaranteeVerdict,
  noticed,
  rowCount,
  objectiveBound,
  objectiveName,
  objectiveValue,
  percent,
  perSecond,
  VERDICTS,
} from './words.ts'

/** One line of text that Markdown, and HTML inside it, leave alone. */
export function plain(text: string): string {
  const line = stripControl(text).replaceAll(/\s+/g, ' ')
  return line
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_[\]|#~!]/g, '\\$&')
}
const row = (cells: readonly string[]): string => `| ${cells.map(plain).join(' | ')} |`
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(columns), `|${columns.map(() => ' --- |').join('')}`, ...rows.map(row)].join('\n')
}
export const list = (items: readonly string[]): string =>
  items.map((item) => `- ${plain(item)}`).join('\n')
/** A block that its content cannot end: indented, one line. */
const code = (text: string): string => `    ${stripControl(text).replaceAll(/\s+/g, ' ')}`

function objectives({ objectives: results, guarantee }: Summary): string {
  const kept = [
    `guarantee: ${guarantee.declared}`,
    'kept',
    guaranteeVerdict({ guarantee }).word,
    VERDICTS[guaranteeVerdict({ guarantee }).verdict].word,
  ]
  return table(
    ['objective', 'asked', 'measured', 'verdict'],
    [
      kept,
      ...results.map((one) => [
        objectiveName(one),
        objectiveBound(one),
        objectiveValue(one),
        VERDICTS[one.verdict].word,
      ]),
    ],
  )
}
function faults({ faults: all }: Summary): string {
  if (all.length === 0) return 'The scenario injects no fault.'
  const healed = (ms: number | null): string => (ms === null ? 'not confirmed' : duration(ms))
  const rows = all.map((one) => [
    one.id,
    faultTitle(one),
    duration(one.injectedMs),
    one.evidence ?? 'none',
    healed(one.healedMs),
    caughtUp(one),
  ])
  return table(
    ['fault', 'what', 'injected at', 'effect seen (evidence)', 'healed at', 'caught up in'],
    rows,
  )
}

function costs({ faults: all }: Summary): readonly string[] {
  if (all.length === 0) return []
  const rows = all.map((one) => [
    one.id,
    noticed(one),
    duration(one.longestGapMs),
    duration(one.violationMs),
    count(one.peakBacklog),
    perSecond(one.drainRateEps),
    percent(one.efficiency),
  ])
  return [
    table(
      [
        'fault',
        'noticed after',
        'longest gap',
        'out of band for',
        'peak backlog',
        'drain rate',
        'efficiency',
      ],
      rows,
    ),
    list(all.map(({ id, efficiencyNote }) => `efficiency after ${id}: ${efficiencyNote}`)),
  ]
}
function freshness({ freshness: phases }: Summary): string {
  const rows = Object.entries(phases).map(([phase, stats]) => [
    phase,
    count(stats.events),
    ...(['p50', 'p95', 'p99', 'max'] as const).map((stat) => freshnessStat(stats, stat)),
    duration(stats.errorMs),
  ])
  return rows.length === 0
    ? 'Nothing was measured.'
    : table(['phase', 'events', 'p50', 'p95', 'p99', 'max', 'too high by at most'], rows)
}
function selfCheck(summary: Summary): readonly string[] {
  const tables = selfCheckTables(summary).map(({ columns, rows }) => table(columns, rows))
  const identities = summary.selfCheck.identities.map(
    ({ text, holds }) => `${holds ? 'holds' : 'broken'}: ${text}`,
  )
  return [...tables, list([...identities, ...selfCheckNotes(summary.selfCheck)])]
}

/** The report as text for a pull request or a build's summary page. */
export function renderMarkdown({ summary }: Analysis): string {
  const { verdict, sentence, scenario, question, doubts, notes, accounting, environment } = summary
  const { word, icon } = VERDICTS[verdict]
  const blocks = [
    `# ${icon} ${word}: ${plain(scenario)}`,
    plain(sentence),
    ...(question === null ? [] : [`Question: ${plain(question)}`]),
    table(['figure', 'value'], keyFigures(summary)),
    '## Doubts',
    doubts.length === 0 ? 'None.' : list(doubts.map(doubtText)),
    ...(notes.length === 0 ? [] : ['Notes:', list(notes)]),
    '## Objectives',
    objectives(summary),
    '## Faults',
    faults(summary),
    ...costs(summary),
    '## Freshness by phase',
    freshness(summary),
    '## Ledger',
    table(
      ['events', 'count'],
      accountingRows(summary).map((one) => [one.name, rowCount(one)]),
    ),
    list(accountingNotes(accounting)),
    '## Self-check',
    ...selfCheck(summary),
    '## How to reproduce',
    code(reproduce(summary)),
    plain(
      `Run ${environment.runId}, Freshet ${environment.freshet.version}, ${environment.host.cores} cores (${environment.host.cpu}), Node ${environment.host.node}.`,
    ),
  ]
  return `${blocks.join('\n\n')}\n`
}
