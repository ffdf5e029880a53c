import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { within } from '../lib/until.ts'
import { testDirectory } from './test-support.fixture.ts'

const START_LIMIT_MS = 60_000

/** A run in a process of its own, to be killed; resolves once it is as far as that. */
export async function startParent(
  kind: string,
  runId: string,
  far: 'opened' | 'started',
): Promise<ChildProcess> {
  const fixture = fileURLToPath(new URL('./contract-parent.fixture.ts', import.meta.url))
  const args = ['--import', 'tsx', fixture, kind, runId, testDirectory()]
  const parent = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const isFar = new Promise<void>((resolve, reject) => {
    let said = ''
    parent.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
      if (said.includes(far)) resolve()
    })
    parent.once('exit', () => reject(new Error(`the parent ended before it had ${far}`)))
  })
  await within(isFar, START_LIMIT_MS, `a parent that has ${far}`)
  return parent
}
