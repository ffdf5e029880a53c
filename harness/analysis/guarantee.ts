import { formatCount } from '../lib/quantity.ts'
import type { Guarantee } from '../../targets/target.ts'
import type { Accounting, Summary } from './summary.ts'

type Rule = (accounting: Accounting) => string | null
const unless = (count: number, what: string): string | null =>
  count > 0 ? `${formatCount(count)} ${what}` : null
const noLoss: Rule = ({ lost }) => unless(lost, 'lost')
const noVisible: Rule = ({ duplicatedVisible }) => unless(duplicatedVisible, 'visible duplicates')
const noPhysical: Rule = ({ duplicatedPhysical }) =>
  unless(duplicatedPhysical, 'physical duplicates')

const RULES: Readonly<Record<Guarantee, readonly Rule[]>> = {
  'at-most-once': [noPhysical, noVisible],
  'at-least-once': [noLoss],
  deduplicated: [noLoss, noVisible],
  'exactly-once': [noLoss, noVisible, noPhysical],
}

/** How the declared guarantee was broken; empty when it was kept. */
export const breachesOf = (declared: Guarantee, accounting: Accounting): readonly string[] =>
  RULES[declared].flatMap((rule) => rule(accounting) ?? [])

export function guaranteeOf(declared: Guarantee, accounting: Accounting): Summary['guarantee'] {
  const breaches = breachesOf(declared, accounting)
  if (breaches.length > 0)
    return { declared, kept: false, sentence: `${declared} was broken: ${breaches.join(', ')}` }
  const open = openQuestion(declared, accounting)
  return open === null
    ? { declared, kept: true, sentence: `${declared} was kept` }
    : { declared, kept: null, sentence: `whether ${declared} was kept is not known: ${open}` }
}

/** Missing data never passes. */
function openQuestion(
  declared: Guarantee,
  { audited, acked, late, duplicatedPhysicalAtLeast }: Accounting,
): string | null {
  if (!audited) return 'there was no audit'
  if (acked === 0) return 'nothing was acked'
  if (duplicatedPhysicalAtLeast && RULES[declared].includes(noPhysical))
    return 'the sink merges stored copies away'
  return late > 0 && RULES[declared].includes(noLoss)
    ? `${formatCount(late)} acked events had not landed`
    : null
}
