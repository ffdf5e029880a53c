import { createHash } from 'node:crypto'
import { parseScenarioText } from './document.ts'
import { problemsOf } from './explain.ts'
import { findProblems } from './names.ts'
import { invalid, sentenceOf, type Problem } from './problem.ts'
import { scenarioSchema, type Scenario } from './schema.ts'
import { withoutSecrets, withSecrets } from './secrets.ts'
import { readScenarioText } from './text.ts'

export interface LoadedScenario {
  /** With the secrets in it: never to be stored or shown. */
  readonly scenario: Scenario
  /** The same with `${env:NAME}` instead of the secrets. */
  readonly printable: Scenario
  readonly file: string
  /** Of the printable scenario. */
  readonly hash: string
}
export type Checked =
  | { readonly ok: true; readonly scenario: Scenario }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/** Reads and checks a scenario file. Every mistake is reported at once, as file:line:column. */
export async function loadScenario(
  file: string,
  overrides: readonly string[] = [],
): Promise<LoadedScenario> {
  const source = await readScenarioText(file)
  const document = parseScenarioText(source, overrides)
  const written: unknown = document.yaml.toJS({ maxAliasCount: 0 })
  const { input, places, problems } = withSecrets(written, process.env)
  const checked: Checked =
    problems.length > 0 ? { ok: false, problems } : checkScenario(input, written)
  if (!checked.ok) {
    throw invalid(checked.problems.map((one) => `${document.place(one)}: ${sentenceOf(one)}`))
  }
  const printable = withoutSecrets(checked.scenario, places)
  return { scenario: checked.scenario, printable, file: source.name, hash: hashOf(printable) }
}

/** Plain data to a scenario, or everything that is wrong with it. `written`: the same without secrets, for messages. */
export function checkScenario(input: unknown, written: unknown): Checked {
  const parsed = scenarioSchema.safeParse(input)
  const problems = parsed.success
    ? findProblems(parsed.data)
    : parsed.error.issues.flatMap((issue) => problemsOf(issue, written))
  if (parsed.success && problems.length === 0) return { ok: true, scenario: parsed.data }
  return { ok: false, problems }
}

/** Every key in the schema's order, every default filled in, every quantity in its base unit. */
export function canonicalJson(scenario: Scenario): string {
  return JSON.stringify(scenario)
}

function hashOf(scenario: Scenario): string {
  return createHash('sha256').update(canonicalJson(scenario)).digest('hex').slice(0, 16)
}
