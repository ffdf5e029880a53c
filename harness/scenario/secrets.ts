import type { Problem } from './problem.ts'
import type { Scenario } from './schema.ts'

const PLACEHOLDER = /\$\{env:([^}]*)\}/g
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/

type Path = readonly (string | number)[]
type Environment = Readonly<Record<string, string | undefined>>
interface Place {
  readonly path: Path
  /** The text with its placeholders. */
  readonly written: string
}
export interface Resolved {
  /** The scenario's plain data with the secrets in it. */
  readonly input: unknown
  readonly places: readonly Place[]
  readonly problems: readonly Problem[]
}

/** Puts the environment's values where a scenario says `${env:NAME}`. */
export function withSecrets(input: unknown, environment: Environment): Resolved {
  const places: Place[] = []
  const problems: Problem[] = []
  const look = (value: unknown, path: Path): unknown => {
    if (Array.isArray(value)) return value.map((one: unknown, i) => look(one, [...path, i]))
    if (typeof value === 'object' && value !== null)
      return mapped(value, (one, key) => look(one, [...path, key]))
    if (typeof value !== 'string' || !value.includes('${env:')) return value
    const message = problemOf(value, path, environment)
    if (message !== null) problems.push({ path, message })
    else places.push({ path, written: value })
    return value.replaceAll(PLACEHOLDER, (_, name: string) => environment[name] ?? '')
  }
  return { input: look(input, []), places, problems }
}

/** What may be stored and shown: the scenario with its placeholders instead of the secrets. */
export function withoutSecrets(scenario: Scenario, places: readonly Place[]): Scenario {
  const put = (value: unknown, [key, ...rest]: Path, text: string): unknown => {
    if (key === undefined) return text
    if (Array.isArray(value))
      return value.map((one: unknown, i) => (i === key ? put(one, rest, text) : one))
    if (typeof value !== 'object' || value === null) return value
    return mapped(value, (one, name) => (name === String(key) ? put(one, rest, text) : one))
  }
  const pipeline = places.reduce(
    (before, { path: [, , option, ...rest], written }) => ({
      ...before,
      with: { ...before.with, [String(option)]: put(before.with[String(option)], rest, written) },
    }),
    scenario.pipeline,
  )
  return { ...scenario, pipeline }
}

function mapped(value: object, change: (one: unknown, key: string) => unknown): object {
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, change(one, key)]))
}

/** Pipelines may need credentials; nothing else in a scenario does. */
function problemOf(text: string, path: Path, environment: Environment): string | null {
  if (path[0] !== 'pipeline' || path[1] !== 'with' || path.length < 3)
    return '${env:NAME} is for secrets, and only values below pipeline.with can be secret'
  const names = [...text.matchAll(PLACEHOLDER)].map(([, name = '']) => name)
  if (names.length === 0 || names.some((name) => !NAME.test(name))) return 'expected ${env:NAME}'
  const unset = names.find((name) => environment[name] === undefined)
  return unset === undefined ? null : `the environment variable ${unset} is not set`
}
