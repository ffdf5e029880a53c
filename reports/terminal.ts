import pc from 'picocolors'
import type { Analysis, Summary, Verdict } from '../harness/analysis/summary.ts'
import { stripControl } from './html/markup.ts'
import {
  accountingRows,
  caughtUp,
  count,
  doubtText,
  duration,
  faultTitle,
  freshnessStat,
  isWrong,
  objectiveBound,
  objectiveName,
  objectiveValue,
  percent,
  rowCount,
  VERDICTS,
} from './words.ts'

export interface TerminalOptions {
  readonly color: boolean
  /** Columns. */
  readonly width: number
}
type Paint = ReturnType<typeof pc.createColors>
const INDENT = '  '

/** One line, without anything that a terminal would act on. */
const plain = (text: string): string => stripControl(text.replaceAll(/\s+/g, ' ')).trim()
/** Broken at spaces, the following lines indented. */
function wrap(text: string, width: number, indent: string): string {
  const lines = ['']
  for (const word of plain(text).split(' ')) {
    const last = lines.length - 1
    const line = lines[last] ?? ''
    if (line !== '' && line.length + word.length + 1 > Math.max(width - indent.length, 20))
      lines.push(word)
    else lines[last] = line === '' ? word : `${line} ${word}`
  }
  return lines.join(`\n${indent}`)
}
function toned(paint: Paint, verdict: Verdict, text: string): string {
  const tones = { pass: paint.green, fail: paint.red, inconclusive: paint.yellow }
  return tones[verdict](text)
}
const widest = (texts: readonly string[]): number =>
  texts.reduce((most, text) => Math.max(most, text.length), 0)
/** Columns side by side: names to the left, with the rest to the right edge of its column. */
function aligned(rows: readonly (readonly string[])[], atMost: number): readonly string[] {
  const clean = rows.map((row) => row.map(plain))
  const widths = (clean[0] ?? []).map((_, at) =>
    Math.min(widest(clean.map((row) => row[at] ?? '')), at === 0 ? atMost : Infinity),
  )
  const fit = (text: string, width: number): string =>
    text.length > width ? `${text.slice(0, width - 1)}…` : text
  return clean.map((row) =>
    row
      .map((cell, at) =>
        at === 0
          ? fit(cell, widths[0] ?? 0).padEnd(widths[0] ?? 0)
          : cell.padStart(widths[at] ?? 0),
      )
      .join('  '),
  )
}

function objectives(summary: Summary, paint: Paint, width: number): readonly string[] {
  if (summary.objectives.length === 0) return []
  const lines = aligned(
    summary.objectives.map((one) => [objectiveName(one), objectiveValue(one), objectiveBound(one)]),
    width - 30,
  )
  const marked = lines.map((line, at) => {
    const verdict = summary.objectives[at]?.verdict ?? 'inconclusive'
    return `${INDENT}${toned(paint, verdict, VERDICTS[verdict].icon)} ${line}`
  })
  return ['', paint.bold('Objectives'), ...marked]
}
function faults(summary: Summary, paint: Paint, width: number): readonly string[] {
  if (summary.faults.length === 0) return []
  const lines = summary.faults.flatMap((fault) => [
    `${INDENT}${paint.bold(plain(fault.id))}  ${paint.dim(plain(faultTitle(fault)))}`,
    `${INDENT}${INDENT}${fault.catchUp.state === 'recovered' ? 'caught up in' : paint.red('✘')} ${caughtUp(fault)}, peak backlog ${count(fault.peakBacklog)}`,
    `${INDENT}${INDENT}${paint.dim(wrap(`evidence: ${fault.evidence ?? 'none'}`, width, INDENT + INDENT))}`,
  ])
  return ['', paint.bold('Faults'), ...lines]
}
function freshness(summary: Summary, paint: Paint): readonly string[] {
  const rows = Object.entries(summary.freshness).map(([phase, stats]) => [
    phase,
    ...(['p50', 'p95', 'p99', 'max'] as const).map((stat) => freshnessStat(stats, stat)),
    duration(stats.errorMs),
  ])
  if (rows.length === 0) return []
  const columns = ['', 'p50', 'p95', 'p99', 'max', 'high by up to']
  const [head = '', ...lines] = aligned([columns, ...rows], 20)
  return [
    '',
    paint.bold('Freshness'),
    paint.dim(INDENT + head),
    ...lines.map((line) => INDENT + line),
  ]
}
/** Always what was asked, what landed and what must be nought; the rest where it is not. */
function accounting(summary: Summary, paint: Paint): readonly string[] {
  const { scheduled } = summary.accounting
  const rows = accountingRows(summary).filter(
    ({ kind, count: events, atLeast }) =>
      kind !== 1 || events === null || events > 0 || atLeast === true,
  )
  const lines = aligned(
    rows.map((row) => [
      row.name,
      rowCount(row),
      row.kind === 0 && scheduled > 0 ? percent((row.count ?? 0) / scheduled) : '',
    ]),
    20,
  )
  const painted = lines.map((line, at) => {
    const row = rows[at]
    return row !== undefined && isWrong(row) ? paint.red(line.trimEnd()) : line.trimEnd()
  })
  return ['', paint.bold('Events'), ...painted.map((line) => INDENT + line)]
}
function doubts(summary: Summary, paint: Paint, width: number): readonly string[] {
  if (summary.doubts.length === 0) return []
  return [
    '',
    paint.bold('Doubts'),
    ...summary.doubts.map(
      (doubt) =>
        `${INDENT}${paint.yellow('!')} ${wrap(doubtText(doubt), width - 2, INDENT + INDENT)}`,
    ),
  ]
}
function notes(summary: Summary, paint: Paint, width: number): readonly string[] {
  if (summary.notes.length === 0) return []
  const lines = summary.notes.map((text) => `${INDENT}${wrap(text, width, INDENT + INDENT)}`)
  return ['', paint.bold('Notes'), ...lines.map((line) => paint.dim(line))]
}

/** The verdict as text; where the full report is, the caller says. Ends with a line break. */
export function renderTerminal({ summary }: Analysis, { color, width }: TerminalOptions): string {
  const paint = pc.createColors(color)
  const { word, icon } = VERDICTS[summary.verdict]
  const lead = `${icon} ${word}`
  const lines = [
    `${paint.bold(plain(summary.scenario))}  ${paint.dim(`seed ${summary.seed}, ${plain(summary.runtime)}`)}`,
    `${paint.bold(toned(paint, summary.verdict, lead))}  ${wrap(summary.sentence, width - lead.length, INDENT)}`,
    ...objectives(summary, paint, width),
    ...faults(summary, paint, width),
    ...freshness(summary, paint),
    ...accounting(summary, paint),
    ...doubts(summary, paint, width),
    ...notes(summary, paint, width),
  ]
  return `${lines.join('\n')}\n`
}
