import { analyze } from '../analysis/analyze.ts'
import type { Analysis } from '../analysis/summary.ts'
import { readRun } from '../run/run-directory.ts'
import { renderTerminal } from '../../reports/terminal.ts'
import { writeReports } from '../../reports/write.ts'
import { exitOfVerdict } from './exit-codes.ts'

export interface ReportOptions {
  readonly json: boolean
}

/** Draws every report of a run again, from its directory alone. */
export async function reportCommand(directory: string, options: ReportOptions): Promise<number> {
  const { analysis } = await drawRun(directory, options)
  return exitOfVerdict(analysis.summary.verdict)
}

export async function drawRun(
  directory: string,
  { json }: ReportOptions,
): Promise<{ analysis: Analysis; html: string }> {
  const analysis = analyze(await readRun(directory))
  const { html } = await writeReports(directory, analysis)
  const color = process.stderr.isTTY && process.env['NO_COLOR'] === undefined
  process.stderr.write(
    `${renderTerminal(analysis, { color, width: process.stderr.columns ?? 100 })}\n\nreport: ${html}\n`,
  )
  if (json) process.stdout.write(`${JSON.stringify(analysis.summary, null, 2)}\n`)
  return { analysis, html }
}
