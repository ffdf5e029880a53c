import * as z from 'zod'

type Schema = z.core.JSONSchema.BaseSchema
const isSchema = (one: Schema | boolean | undefined): one is Schema => typeof one === 'object'

export interface Row {
  readonly key: string
  readonly type: string
  readonly fallback: string
  readonly text: string
}

/** The keys of a zod object as its author writes them; those of nested objects dotted. */
export function rowsOf(schema: z.ZodType, prefix = ''): readonly Row[] {
  return rows(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), prefix)
}

function rows(schema: Schema, prefix: string): readonly Row[] {
  const required = new Set(schema.required ?? [])
  return Object.entries(schema.properties ?? {}).flatMap(([name, one]) => {
    if (!isSchema(one)) return []
    const key = `${prefix}${name}`
    if (one.type === 'object' && one.properties !== undefined) return rows(one, `${key}.`)
    const text = one.description ?? ''
    return [{ key, type: typeOf(one), fallback: fallbackOf(one, required.has(name)), text }]
  })
}

function fallbackOf(schema: Schema, required: boolean): string {
  if (schema.default !== undefined) return code(textOf(schema.default))
  return required ? 'required' : ''
}

function typeOf(schema: Schema): string {
  if (schema.title !== undefined) return schema.title
  if (schema.enum !== undefined) return schema.enum.map((one) => code(String(one))).join(', ')
  if (schema.const !== undefined) return code(JSON.stringify(schema.const))
  const either = schema.anyOf ?? schema.oneOf
  if (either !== undefined) return [...new Set(either.filter(isSchema).map(typeOf))].join(' or ')
  const name = NAMES[String(schema.type)] ?? 'text'
  return schema.type === 'integer' || schema.type === 'number' ? name + rangeOf(schema) : name
}

const NAMES: Readonly<Record<string, string>> = {
  integer: 'a whole number',
  number: 'a number',
  boolean: '`true` or `false`',
  array: 'a list',
  object: 'a mapping',
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value)
const code = (text: string): string => `\`${text}\``

/** zod marks "no limit" by the largest safe integer. */
function rangeOf({ minimum, maximum, exclusiveMinimum }: Schema): string {
  const bounded = (one: unknown): one is number =>
    typeof one === 'number' && Math.abs(one) < Number.MAX_SAFE_INTEGER
  const low = bounded(minimum)
    ? `from ${minimum}`
    : bounded(exclusiveMinimum)
      ? `above ${exclusiveMinimum}`
      : ''
  const high = bounded(maximum) ? `to ${maximum}` : ''
  return [low, high]
    .filter((one) => one !== '')
    .map((one) => ` ${one}`)
    .join('')
}
