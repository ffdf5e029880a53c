import { FreshetError, messageOf } from '../lib/errors.ts'
import { formatMs } from '../lib/quantity.ts'
import type { Component } from '../setup/component.ts'
import { COMPONENTS } from '../setup/index.ts'
import { withLock } from '../setup/lock.ts'
import { cacheRoot } from '../setup/paths.ts'
import { JAVA, ensureTool } from '../setup/tools.ts'

const ENVIRONMENT = 3

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}

/** Brings what a run needs to this machine: exit code 0 when all is there, 3 when something cannot be had. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- commander passes every command its options
export async function setupCommand(_options: {}): Promise<number> {
  const problems: string[] = []
  const attempt = async (what: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (thrown) {
      const hint = thrown instanceof FreshetError ? thrown.hint : undefined
      problems.push(`${what}: ${messageOf(thrown)}${hint === undefined ? '' : ` - ${hint}`}`)
    }
  }
  await attempt('java', () => ensureTool(JAVA, say))
  for (const component of COMPONENTS) await attempt(component.name, () => bring(component))
  for (const problem of problems) say(problem)
  return problems.length === 0 ? 0 : ENVIRONMENT
}

async function bring(component: Component): Promise<void> {
  const title = `${component.name} ${component.version}`
  const before = await component.installed()
  if (before.ok) return say(`${title}: up to date (${before.detail})`)
  await withLock(cacheRoot(), say, async () => {
    const startedAt = performance.now()
    const now = await component.installed()
    if (now.ok) return say(`${title}: brought by another setup (${now.detail})`)
    await component.install(say)
    say(`${title}: installed in ${formatMs(performance.now() - startedAt)}`)
  })
}
