import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import {
  isMap,
  isNode,
  isPair,
  isScalar,
  LineCounter,
  parseDocument,
  visit,
  type Document,
} from 'yaml'
import * as z from 'zod'
import { FreshetError } from '../lib/errors.ts'
import { nearest } from '../lib/nearest.ts'
import { scenarioSchema, type Scenario } from './schema.ts'
import { findProblems } from './names.ts'

export interface LoadedScenario {
  readonly scenario: Scenario
  readonly file: string
  readonly hash: string
}
/** A place in a scenario that is wrong: `path` into the document, and what would be right. */
export interface Problem {
  readonly path: readonly (string | number)[]
  readonly message: string
  /** True: the mistake is the key itself, not its value. */
  readonly atKey?: boolean
}

const MAX_BYTES = 1_000_000
const MAX_DEPTH = 20

/** Reads and checks a scenario file. Every mistake is reported at once, as file:line:column. */
export async function loadScenario(
  file: string,
  overrides: readonly string[] = [],
): Promise<LoadedScenario> {
  const text = await readText(file)
  const lines = new LineCounter()
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    merge: false,
    uniqueKeys: true,
  })
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset)
    return `${file}:${line}:${col}`
  }
  const syntax = [...document.errors, ...document.warnings].map(
    (one) => `${place(one.pos[0])}: ${one.message}`,
  )
  if (syntax.length > 0) throw invalid(syntax)
  refuseTraps(document, place)
  for (const override of overrides) applyOverride(document, override)
  const input: unknown = document.toJS({ maxAliasCount: 20 })
  const parsed = scenarioSchema.safeParse(input)
  const problems = parsed.success
    ? findProblems(parsed.data)
    : parsed.error.issues.flatMap((issue) => problemsOf(issue, document))
  if (problems.length > 0) {
    throw invalid(
      problems.map((one) => `${place(offsetOf(document, one))}: ${labelOf(one)}${one.message}`),
    )
  }
  if (!parsed.success) throw invalid([`${file}: ${parsed.error.message}`])
  const hash = createHash('sha256').update(JSON.stringify(parsed.data)).digest('hex').slice(0, 16)
  return { scenario: parsed.data, file, hash }
}

async function readText(file: string): Promise<string> {
  const info = await stat(file).catch(() => null)
  if (info === null)
    throw new FreshetError('usage', `${file}:1:1: no such file`, { hint: 'freshet list scenarios' })
  if (info.isDirectory())
    throw new FreshetError('usage', `${file}:1:1: a folder, not a scenario file`)
  if (info.size > MAX_BYTES) {
    throw new FreshetError(
      'usage',
      `${file}:1:1: ${info.size} bytes; a scenario has at most ${MAX_BYTES}`,
    )
  }
  return readFile(file, 'utf8')
}

function invalid(problems: readonly string[]): FreshetError {
  return new FreshetError('usage', problems.join('\n'), { hint: 'nothing was started' })
}

/** Aliases and merge keys can make a small file huge or its meaning unclear: none are taken. */
function refuseTraps(document: Document.Parsed, place: (offset: number) => string): void {
  const found: string[] = []
  visit(document, {
    Alias: (_, node) => {
      found.push(
        `${place(node.range?.[0] ?? 0)}: aliases (*${node.source}) are not supported: write the value out`,
      )
    },
    Pair: (_, pair) => {
      if (isScalar(pair.key) && pair.key.value === '<<') {
        found.push(
          `${place(pair.key.range?.[0] ?? 0)}: merge keys (<<) are not supported: write the keys out`,
        )
      }
    },
    Node: (_, node, path) => {
      if (path.length > MAX_DEPTH * 2) {
        found.push(`${place(node.range?.[0] ?? 0)}: nested deeper than ${MAX_DEPTH} levels`)
        return visit.BREAK
      }
      return undefined
    },
  })
  if (found.length > 0) throw invalid(found)
}

/** `load.rate=5k/s`: the value is YAML. */
function applyOverride(document: Document.Parsed, override: string): void {
  const split = override.indexOf('=')
  if (split <= 0) throw new FreshetError('usage', `--set ${override}: expected key.path=value`)
  const path = override
    .slice(0, split)
    .split('.')
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part))
  document.setIn(path, parseDocument(override.slice(split + 1)).toJS())
}

function problemsOf(issue: z.core.$ZodIssue, document: Document.Parsed): Problem[] {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)))
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: unknownKey(key),
      atKey: true,
    }))
  }
  if (issue.code === 'invalid_union') {
    const best = [...issue.errors].sort((a, b) => depth(b) - depth(a) || a.length - b.length)[0]
    if (best !== undefined && best.length > 0) {
      return best.flatMap((one) =>
        problemsOf({ ...one, path: [...issue.path, ...one.path] }, document),
      )
    }
  }
  const valid = [...issue.message.matchAll(/['"]([^'"]+)['"]/g)].map(([, name]) => String(name))
  const given: unknown = document.getIn(path)
  if (valid.length > 1 && typeof given === 'string') {
    return [{ path, message: unknownName(String(path.at(-1)), given, valid) }]
  }
  return [{ path, message: issue.message }]
}

/** Keys are known by the schema; the nearest of all of them is the best guess at what was meant. */
function unknownKey(key: string): string {
  const schema = JSON.stringify(
    z.toJSONSchema(scenarioSchema, { io: 'input', unrepresentable: 'any' }),
  )
  const keys = new Set<string>()
  JSON.parse(schema, (name: string, value: unknown) => {
    if (name === 'properties' && typeof value === 'object' && value !== null)
      Object.keys(value).forEach((one) => keys.add(one))
    return value
  })
  const close = nearest(key, [...keys])
  return close === null ? 'unknown key' : `unknown key: did you mean ${close}?`
}

const depth = (issues: readonly z.core.$ZodIssue[]): number =>
  Math.max(0, ...issues.map((one) => one.path.length + (one.code === 'invalid_value' ? -1 : 0)))

function labelOf({ path }: Problem): string {
  return path.length === 0 ? '' : `${path.join('.')}: `
}

/** Where the problem stands: the key or value itself, else the nearest enclosing thing that is in the file. */
function offsetOf(document: Document.Parsed, { path, atKey }: Problem): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const parent: unknown =
      length === 0 ? document.contents : document.getIn(path.slice(0, length - 1), true)
    if (length > 0 && isMap(parent) && (atKey === true || length < path.length)) {
      const pair = parent.items.find(
        (one) =>
          isPair(one) && isScalar(one.key) && String(one.key.value) === String(path[length - 1]),
      )
      if (pair !== undefined && isScalar(pair.key) && pair.key.range) return pair.key.range[0]
    }
    const node: unknown =
      length === 0 ? document.contents : document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return 0
}

/** "unknown fault kil: did you mean kill?" */
export function unknownName(what: string, name: string, valid: readonly string[]): string {
  const close = nearest(name, valid)
  const right = close === null ? `one of ${valid.join(', ')}` : `did you mean ${close}?`
  return `unknown ${what} "${name}": ${right}`
}
