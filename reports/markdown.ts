import type { Analysis, Summary } from '../harness/analysis/summary.ts'
import { reproduce } from './html/provenance.ts'
import { keyFigures } from './html/verdict.ts'
import { stripControl } from './html/markup.ts'
import {
  accountingNotes,
  accountingRows,
  caughtUp,
  count,
  duration,
  doubtText,
  faultTitle,
  guaranteeVerdict,
  objectiveBound,
  objectiveName,
  objectiveValue,
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
    caughtUp(one.catchUp),
  ])
  return table(
    ['fault', 'what', 'injected at', 'effect seen (evidence)', 'healed at', 'caught up in'],
    rows,
  )
}

/** The report as text for a pull request or a build's summary page. */
export function renderMarkdown({ summary }: Analysis): string {
  const { verdict, sentence, scenario, question, doubts, accounting, environment } = summary
  const { word, icon } = VERDICTS[verdict]
  const blocks = [
    `# ${icon} ${word}: ${plain(scenario)}`,
    plain(sentence),
    ...(question === null ? [] : [`Question: ${plain(question)}`]),
    table(['figure', 'value'], keyFigures(summary)),
    '## Doubts',
    doubts.length === 0 ? 'None.' : list(doubts.map(doubtText)),
    '## Objectives',
    objectives(summary),
    '## Faults',
    faults(summary),
    '## Ledger',
    table(
      ['events', 'count'],
      accountingRows(summary).map((one) => [one.name, count(one.count)]),
    ),
    list(accountingNotes(accounting)),
    '## How to reproduce',
    code(reproduce(summary)),
    plain(
      `Run ${environment.runId}, Freshet ${environment.freshet.version}, ${environment.host.cores} cores (${environment.host.cpu}), Node ${environment.host.node}.`,
    ),
  ]
  return `${blocks.join('\n\n')}\n`
}
