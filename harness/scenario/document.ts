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
import { FreshetError } from '../lib/errors.ts'
import { invalid, type Problem } from './problem.ts'
import type { ScenarioText } from './text.ts'

const MAX_DEPTH = 20

/** A scenario's YAML with the places of everything in it. */
export interface ScenarioDocument {
  readonly yaml: Document.Parsed
  /** `file:line:column` of what a problem is about; `--set key=value` when that is where it came from. */
  place(problem: Pick<Problem, 'path' | 'atKey'>): string
}

/** Parses YAML without its traps and lays the overrides over it. */
export function parseScenarioText(
  { name, text }: ScenarioText,
  overrides: readonly string[],
): ScenarioDocument {
  const lines = new LineCounter()
  const yaml = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    merge: false,
    uniqueKeys: true,
  })
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset)
    return `${name}:${line}:${col}`
  }
  const syntax = [...yaml.errors, ...yaml.warnings]
  if (syntax.length > 0) {
    throw invalid(syntax.map((one) => `${place(one.pos[0])}: not valid YAML: ${one.message}`))
  }
  refuseTraps(yaml, place)
  const set = overrides.map((text) => ({ text, path: applyOverride(yaml, text) }))
  return {
    yaml,
    place: (problem) => {
      const override = set.find(({ path }) => isWithin(path, problem.path))
      return override === undefined ? place(offsetOf(yaml, problem)) : `--set ${override.text}`
    },
  }
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

/** `load.rate=5k/s`: the value is YAML. Returns the path. */
function applyOverride(document: Document.Parsed, override: string): (string | number)[] {
  const refuse = (why: string): FreshetError =>
    new FreshetError('usage', `--set ${override}: ${why}`, { hint: 'for example load.rate=5k/s' })
  const split = override.indexOf('=')
  if (split <= 0) throw refuse('expected key.path=value')
  const path = override
    .slice(0, split)
    .split('.')
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part))
  const value = parseDocument(override.slice(split + 1), { merge: false })
  if (value.errors.length > 0) throw refuse('the value is not valid YAML')
  try {
    document.setIn(path, value.toJS({ maxAliasCount: 0 }))
  } catch (cause) {
    throw new FreshetError('usage', `--set ${override}: there is no such place in the scenario`, {
      hint: 'only mappings and lists have something inside',
      cause,
    })
  }
  return path
}

const isWithin = (outer: readonly (string | number)[], inner: Problem['path']): boolean =>
  outer.length <= inner.length && outer.every((part, i) => String(part) === String(inner[i]))

/** Where the problem stands: the key or value itself, else the nearest enclosing thing that is in the file. */
function offsetOf(
  document: Document.Parsed,
  { path, atKey }: Pick<Problem, 'path' | 'atKey'>,
): number {
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
