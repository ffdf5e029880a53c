import { FreshetError } from '../lib/errors.ts'
import { checkScenario } from './load.ts'
import { sentenceOf } from './problem.ts'
import type { ScenarioInput } from './schema.ts'
import { withSecrets } from './secrets.ts'

export type { ScenarioInput } from './schema.ts'

/**
 * A scenario in TypeScript: the same keys as in YAML, checked by the compiler and then as `freshet check` does.
 * Print it as JSON and pipe that to `freshet run -`. Throws a FreshetError that names every mistake.
 */
export function defineScenario(scenario: ScenarioInput): ScenarioInput {
  const { input, problems } = withSecrets(scenario, process.env)
  const checked =
    problems.length > 0 ? ({ ok: false, problems } as const) : checkScenario(input, scenario)
  if (!checked.ok) throw new FreshetError('usage', checked.problems.map(sentenceOf).join('\n'))
  return scenario
}
