import { FreshetError } from '../lib/errors.ts'
import { formatMs } from '../lib/quantity.ts'
import { loads } from '../load/index.ts'
import { scheduleOf } from '../load/schedule.ts'
import { loadScenario } from '../scenario/load.ts'
import { planOf } from '../scenario/plan.ts'
import type { Scenario } from '../scenario/schema.ts'

/** Checks every scenario, right or wrong, and starts nothing. */
export async function checkCommand(
  files: readonly string[],
  options: { readonly set: readonly string[] },
): Promise<number> {
  const wrong: string[] = []
  let hint: string | undefined
  for (const file of files) {
    try {
      const { scenario, file: name } = await loadScenario(file, options.set)
      process.stderr.write(`${name}: ok (${outlineOf(scenario)})\n`)
    } catch (failure) {
      if (!(failure instanceof FreshetError) || failure.code !== 'usage') throw failure
      wrong.push(failure.message)
      hint ??= failure.hint
    }
  }
  if (wrong.length === 0) return 0
  throw new FreshetError('usage', wrong.join('\n'), hint === undefined ? {} : { hint })
}

/** `broker-kill: 105.0 s, 750,000 events, 1 fault`: what the plan comes to. */
function outlineOf(scenario: Scenario): string {
  const plan = planOf(scenario, loads)
  const events = scheduleOf(plan.load.segments).count.toLocaleString('en-US')
  const { length } = plan.faults
  const faults = `${length} ${length === 1 ? 'fault' : 'faults'}`
  return `${scenario.name}: at most ${formatMs(plan.phases.end)}, ${events} events, ${faults}`
}
