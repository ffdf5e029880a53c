import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { analyze } from '../analysis/analyze.ts'
import { partialOf, type PartialSummary } from '../analysis/partial.ts'
import type { Analysis, Verdict } from '../analysis/summary.ts'
import { readAny, readRun } from '../run/run-directory.ts'
import { renderPartial } from '../../reports/partial.ts'
import { renderTerminal } from '../../reports/terminal.ts'
import { writeReports } from '../../reports/write.ts'
import { exitOfVerdict } from './exit-codes.ts'

export interface ReportOptions {
  readonly json: boolean
}

/** Draws every report of a run again, from its directory alone. */
export async function reportCommand(directory: string, options: ReportOptions): Promise<number> {
  const record = await readAny(directory)
  const verdict =
    'missing' in record
      ? await drawPartial(directory, partialOf(record), options)
      : (await draw(directory, analyze(record), options)).analysis.summary.verdict
  return exitOfVerdict(verdict)
}

interface Drawn {
  readonly analysis: Analysis
  readonly html: string
}

export async function drawRun(directory: string, options: ReportOptions): Promise<Drawn> {
  return draw(directory, analyze(await readRun(directory)), options)
}

async function draw(
  directory: string,
  analysis: Analysis,
  { json }: ReportOptions,
): Promise<Drawn> {
  const { html } = await writeReports(directory, analysis)
  const color = process.stderr.isTTY && process.env['NO_COLOR'] === undefined
  process.stderr.write(
    `${renderTerminal(analysis, { color, width: process.stderr.columns ?? 100 })}\nreport: ${html}\n`,
  )
  if (json) process.stdout.write(`${JSON.stringify(analysis.summary, null, 2)}\n`)
  return { analysis, html }
}

/** A run that was killed has no measures to draw: what its log says, as text. */
async function drawPartial(
  directory: string,
  summary: PartialSummary,
  { json }: ReportOptions,
): Promise<Verdict> {
  const text = renderPartial(summary)
  const document = `${JSON.stringify(summary, null, 2)}\n`
  await writeFile(join(directory, 'report.md'), text)
  await writeFile(join(directory, 'summary.json'), document)
  process.stderr.write(text)
  if (json) process.stdout.write(document)
  return summary.verdict
}
