import type { Observed } from './observed.ts'
import { percentile } from './statistics.ts'
import type { GaugeStats } from './summary.ts'

/** Gauges by name, in the order of the names. Counted from the baseline on: what starts up says nothing. */
export function gaugeStatsOf({ record, phases, watchEndMs }: Observed): readonly GaugeStats[] {
  const from = phases.find(({ phase }) => phase === 'baseline')?.startMs ?? 0
  const byName = new Map<string, number[]>()
  for (const entry of record.log) {
    if (entry.type !== 'gauge' || entry.atMs < from || entry.atMs > watchEndMs) continue
    const known = byName.get(entry.name) ?? []
    if (known.length === 0) byName.set(entry.name, known)
    known.push(entry.value)
  }
  const order = new Intl.Collator('en', { numeric: true })
  return [...byName]
    .sort(([a], [b]) => order.compare(a, b))
    .map(([name, values]) => {
      const sorted = Float64Array.from(values).sort()
      return {
        name,
        samples: values.length,
        median: percentile(sorted, 0.5),
        max: percentile(sorted, 1),
        last: values.at(-1) ?? 0,
      }
    })
}
