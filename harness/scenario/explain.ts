import * as z from 'zod'
import { nearest } from '../lib/nearest.ts'
import { unknownName, type Problem } from './problem.ts'
import { scenarioSchema } from './schema.ts'

/** What a zod issue means to the scenario's author. `input` is the document without its secrets. */
export function problemsOf(issue: z.core.$ZodIssue, input: unknown): Problem[] {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)))
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: unknownKey(key),
      atKey: true,
    }))
  }
  const given = valueAt(input, path)
  const one = (message: string): Problem[] => [{ path, message }]
  if (issue.code === 'invalid_union') {
    if (isOneType(issue)) return one(wanted(issue.message.replace(/^expected /, ''), given))
    return closest(issue, input) ?? one(choice(issue, path, given))
  }
  if (issue.code === 'invalid_value') return one(choice(issue, path, given))
  if (issue.code === 'invalid_type')
    return one(wanted(NAMES[issue.expected] ?? issue.expected, given))
  if (issue.code === 'too_big') return one(`${quoted(given)} is too much: at most ${issue.maximum}`)
  if (issue.code === 'too_small')
    return one(`${quoted(given)} is too little: at least ${issue.minimum}`)
  return one(`${quoted(given)} is not ${issue.message.replace(/^not /, '')}`)
}

/** A union such as a quantity's: text or a number, but one thing to its author. */
function isOneType(issue: z.core.$ZodIssueInvalidUnion): boolean {
  return (
    issue.errors.length > 0 &&
    issue.message.startsWith('expected ') &&
    issue.errors.every(
      (branch) => branch[0]?.code === 'invalid_type' && branch[0].path.length === 0,
    )
  )
}

/** Of a union's branches, the one that the author most likely meant: where most of it was right. */
function closest(issue: z.core.$ZodIssueInvalidUnion, input: unknown): Problem[] | null {
  const best = [...issue.errors].sort((a, b) => depth(b) - depth(a) || a.length - b.length)[0]
  if (best === undefined || best.length === 0) return null
  return best.flatMap((one) => problemsOf({ ...one, path: [...issue.path, ...one.path] }, input))
}

const depth = (issues: readonly z.core.$ZodIssue[]): number =>
  Math.max(0, ...issues.map((one) => one.path.length + (one.code === 'invalid_value' ? -1 : 0)))

/** One of a few words was expected. */
function choice(
  issue: z.core.$ZodIssueInvalidUnion | z.core.$ZodIssueInvalidValue,
  path: Problem['path'],
  given: unknown,
): string {
  const valid = (issue.code === 'invalid_value' ? issue.values : optionsOf(issue)).map(String)
  if (valid.length > 1 && typeof given === 'string') return unknownName(kindOf(path), given, valid)
  return wanted(valid.length === 1 ? String(valid[0]) : `one of ${valid.join(', ')}`, given)
}

function optionsOf(issue: z.core.$ZodIssueInvalidUnion): readonly unknown[] {
  return 'options' in issue && Array.isArray(issue.options) ? issue.options : []
}

/** What a key names, where that is another word. */
function kindOf(path: Problem['path']): string {
  const key = String(path.at(-1))
  return key === 'use' ? 'pipeline' : key
}

const NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'a mapping',
  array: 'a list',
}

/** Something else was expected: `right`. */
function wanted(right: string, given: unknown): string {
  return given === undefined ? `missing: ${right}` : `expected ${right}, not ${quoted(given)}`
}

const LONGEST = 60

/** The offending text itself, if it is short. */
function quoted(given: unknown): string {
  if (given === null) return 'nothing'
  if (Array.isArray(given)) return 'a list'
  if (typeof given === 'object') return 'a mapping'
  const text = JSON.stringify(given) ?? 'nothing'
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}...`
}

function valueAt(input: unknown, path: Problem['path']): unknown {
  let value = input
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = Reflect.get(value, part)
  }
  return value
}

/** Keys are known by the schema; the nearest of all of them is the best guess at what was meant. */
function unknownKey(key: string): string {
  const schema = z.toJSONSchema(scenarioSchema, { io: 'input', unrepresentable: 'any' })
  const keys = new Set<string>()
  JSON.parse(JSON.stringify(schema), (name: string, value: unknown) => {
    if (name === 'properties' && typeof value === 'object' && value !== null)
      Object.keys(value).forEach((one) => keys.add(one))
    return value
  })
  const close = nearest(key, [...keys])
  return close === null ? 'unknown key' : `unknown key: did you mean ${close}?`
}
