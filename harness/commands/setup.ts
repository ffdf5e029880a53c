import { FreshetError, messageOf } from '../lib/errors.ts'
import { formatMs } from '../lib/quantity.ts'
import type { Component } from '../setup/component.ts'
import type { Hands } from '../setup/hands.ts'
import { COMPONENTS } from '../setup/index.ts'
import { withLock } from '../setup/lock.ts'
import { cacheRoot } from '../setup/paths.ts'
import { JAVA, SS, ensureTool } from '../setup/tools.ts'
import { EXIT } from './exit-codes.ts'

export const COMPONENT_NAMES = COMPONENTS.map(({ name }) => name)
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
/** System packages that a run needs as well; those of the set-up alone are the components' business. */
const TOOLS = process.platform === 'linux' ? [JAVA, SS] : [JAVA]

const say = (line: string): void => void process.stderr.write(`${line}\n`)

/** Brings what a run needs to this machine: exit code 0 when all is there, 3 when something cannot be had. */
export async function setupCommand(names: readonly string[]): Promise<number> {
  const interrupt = new AbortController()
  const stop = (): void => interrupt.abort(new FreshetError('interrupted', 'interrupted'))
  for (const name of SIGNALS) process.once(name, stop)
  const hands: Hands = { say, signal: interrupt.signal }
  const wanted = COMPONENTS.filter(({ name }) => names.length === 0 || names.includes(name))
  const steps = [
    ...TOOLS.map((tool) => [tool.name, () => ensureTool(tool, hands)] as const),
    ...wanted.map((component) => [component.name, () => bring(component, hands)] as const),
  ]
  const problems: string[] = []
  for (const [what, work] of steps) {
    try {
      await work()
    } catch (thrown) {
      if (interrupt.signal.aborted) break
      problems.push(`${what}: ${explain(thrown)}`)
    }
  }
  for (const name of SIGNALS) process.off(name, stop)
  if (interrupt.signal.aborted) {
    say('interrupted: freshet setup goes on where it stopped')
    return EXIT.interrupted
  }
  problems.forEach(say)
  return problems.length === 0 ? EXIT.pass : EXIT.environment
}

function explain(thrown: unknown): string {
  const hint = thrown instanceof FreshetError ? thrown.hint : undefined
  return `${messageOf(thrown)}${hint === undefined ? '' : ` - ${hint}`}`
}

async function bring(component: Component, hands: Hands): Promise<void> {
  const title = `${component.name} ${component.version}`
  const before = await component.installed()
  if (before.ok) return say(`${title}: up to date (${before.detail})`)
  say(`${title}: ${before.problem}`)
  await withLock(cacheRoot(), hands, async () => {
    const startedAt = performance.now()
    const now = await component.installed()
    if (now.ok) return say(`${title}: brought by another setup (${now.detail})`)
    await component.install(hands)
    say(`${title}: installed in ${formatMs(performance.now() - startedAt)}`)
  })
}
