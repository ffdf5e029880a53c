import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Analysis } from '../harness/analysis/summary.ts'
import { renderHtml } from './html/render.ts'
import { renderJunit } from './junit.ts'
import { renderMarkdown } from './markdown.ts'

/** Where each report was written. */
export interface ReportPaths {
  readonly html: string
  readonly markdown: string
  readonly summary: string
  readonly junit: string
}

/** All of the file or the old one: a reader never sees half. */
async function writeWhole(path: string, text: string): Promise<string> {
  const draft = `${path}.${randomUUID()}.tmp`
  try {
    await writeFile(draft, text)
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
  return path
}

/** Draws every report of a run before it writes the first. */
export async function writeReports(directory: string, analysis: Analysis): Promise<ReportPaths> {
  const html = await renderHtml(analysis)
  const markdown = renderMarkdown(analysis)
  const junit = renderJunit(analysis)
  const summary = `${JSON.stringify(analysis.summary, null, 2)}\n`
  await mkdir(directory, { recursive: true })
  return {
    html: await writeWhole(join(directory, 'report.html'), html),
    markdown: await writeWhole(join(directory, 'report.md'), markdown),
    summary: await writeWhole(join(directory, 'summary.json'), summary),
    junit: await writeWhole(join(directory, 'junit.xml'), junit),
  }
}
