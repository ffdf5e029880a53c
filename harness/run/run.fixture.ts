import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipelines } from '../../targets/pipelines/index.ts'
import { analyze } from '../analysis/analyze.ts'
import type { Summary } from '../analysis/summary.ts'
import { faults } from '../faults/index.ts'
import { loads } from '../load/index.ts'
import { loadScenario } from '../scenario/load.ts'
import { readRun } from './run-directory.ts'
import { executeRun } from './run.ts'

/** A scenario carried out for real and analysed; `remove` takes the run directory away again. */
export interface FinishedRun {
  readonly directory: string
  readonly summary: Summary
  remove(): Promise<void>
}

const LIMIT_MS = 110_000

export async function runText(text: string): Promise<FinishedRun> {
  const folder = await mkdtemp(join(tmpdir(), 'freshet-run-'))
  const file = join(folder, 'scenario.yaml')
  await writeFile(file, text)
  const directory = await executeRun(await loadScenario(file), {
    pipelines,
    faults,
    loads,
    root: folder,
    signal: AbortSignal.timeout(LIMIT_MS),
    observer: { started: () => undefined, entry: () => undefined, progress: () => undefined },
  })
  const { summary } = analyze(await readRun(directory))
  return { directory, summary, remove: () => rm(folder, { recursive: true }) }
}
