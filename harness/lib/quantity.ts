import * as z from 'zod'

const DURATION_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const
const SIZE_BYTES = {
  B: 1,
  kB: 1000,
  KB: 1000,
  KiB: 1024,
  MB: 1e6,
  MiB: 1024 ** 2,
  GB: 1e9,
  GiB: 1024 ** 3,
} as const
const COUNT = { '': 1, k: 1e3, M: 1e6 } as const

function parse(text: string, units: Readonly<Record<string, number>>): number | null {
  const match = /^(\d+(?:\.\d+)?)\s*([A-Za-z]*)$/.exec(text.trim())
  const factor = match === null ? undefined : units[match[2] ?? '']
  return match === null || factor === undefined ? null : Number(match[1]) * factor
}

/** `right`: "a duration such as 250ms", what a wrong one is told and an editor shows. */
function quantity(
  read: (text: string) => number | null,
  right: string,
): z.ZodType<number, string | number> {
  return z
    .union([z.string(), z.number()], { error: `expected ${right}` })
    .transform((input, context): number => {
      const value = read(String(input))
      if (value !== null && Number.isFinite(value)) return value
      context.issues.push({ code: 'custom', input, message: `not ${right}` })
      return z.NEVER
    })
    .meta({ title: right })
}

/** `250ms`, `30s`, `2m`: to milliseconds. */
export const duration = quantity(
  (text) => parse(text, DURATION_MS),
  'a duration such as 250ms, 30s or 2m',
)
/** `800B`, `64KiB`: to bytes. */
export const size = quantity((text) => parse(text, SIZE_BYTES), 'a size such as 800B or 64KiB')
/** `100k`: to a number of things. */
export const count = quantity((text) => parse(text, COUNT), 'a count such as 500, 100k or 2M')
/** `20k/s`: to events per second. */
export const rate = quantity(
  (text) => (/\/s$/.test(text.trim()) ? parse(text.trim().slice(0, -2), COUNT) : null),
  'a rate such as 500/s or 20k/s',
)
/** `80%` or `0.8`: to a share of one. */
export const share = quantity((text) => {
  const value = text.trim().endsWith('%') ? Number(text.trim().slice(0, -1)) / 100 : Number(text)
  return text.trim() !== '' && value >= 0 && value <= 1 ? value : null
}, 'a share such as 80% or 0.8')

/** "1.25 s", "340 ms", "2 m 5 s"; an en dash where there is no number. */
export function formatMs(ms: number): string {
  if (!Number.isFinite(ms)) return '–'
  const sign = ms < 0 ? '-' : ''
  const size = Math.abs(ms)
  if (size < 999.5) return `${sign}${size < 9.95 ? size.toFixed(1) : size.toFixed(0)} ms`
  if (size < 119_950) return `${sign}${(size / 1000).toFixed(size < 9995 ? 2 : 1)} s`
  const seconds = Math.round(size / 1000)
  return `${sign}${Math.floor(seconds / 60)} m ${seconds % 60} s`
}
/** The same, but never rounded to what it is compared with: "2,004 ms" beside a bound of 2 s. */
export function formatMsBeside(ms: number, bound: number): string {
  const text = formatMs(ms)
  return ms !== bound && text === formatMs(bound)
    ? `${ms.toLocaleString('en', { maximumFractionDigits: 3 })} ms`
    : text
}
/** "1,234,567": exact for whole numbers, one digit after the point for others. */
export const formatCount = (value: number): string =>
  Number.isFinite(value) ? value.toLocaleString('en', { maximumFractionDigits: 1 }) : '–'
