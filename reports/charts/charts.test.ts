import { describe, expect, it, vi } from 'vitest'
import { analysisFixture, HOSTILE, hostileFixture } from '../analysis.fixture.ts'
import { renderChart } from '../render-chart.ts'
import { charts } from './index.ts'

// Drawing is quick, but not on a machine that also runs a benchmark.
vi.setConfig({ testTimeout: 30_000 })

const WORDS = { title: 'a title', text: 'a text' }
const EMPTY = {
  windowMs: 1000,
  freshness: [],
  rates: [],
  backlog: [],
  backlogByPartition: [],
  percentiles: [],
  partitionShare: [],
  gauges: [],
}

/** Every string of a spec outside its data. */
function texts(node: unknown, key = ''): readonly string[] {
  if (typeof node === 'string') return [node]
  if (key === 'values' || key === 'sort' || typeof node !== 'object' || node === null) return []
  return Object.entries(node).flatMap(([name, value]) => texts(value, name))
}

describe.each(charts)('chart $name', (chart) => {
  it('has the agreed spec', async () => {
    await expect(`${JSON.stringify(chart.spec(analysisFixture()), null, 1)}\n`).toMatchFileSnapshot(
      `../golden/${chart.name}.json`,
    )
  })
  it('draws without a warning', async () => {
    expect(await renderChart(chart.name, chart.spec(analysisFixture()) ?? {}, WORDS)).toMatch(
      /^<svg/,
    )
  })
  it('keeps text of the scenario in its data', async () => {
    const spec = chart.spec(hostileFixture())
    expect(texts(spec).filter((text) => text.includes('alert'))).toEqual([])
    expect(await renderChart(chart.name, spec ?? {}, WORDS)).not.toContain(HOSTILE)
  })
  it('draws or declines a run without data, and never throws', async () => {
    const spec = chart.spec({
      summary: { ...analysisFixture().summary, faults: [], objectives: [], phases: [], band: null },
      series: EMPTY,
    })
    if (spec !== null) expect(await renderChart(chart.name, spec, WORDS)).toMatch(/^<svg/)
  })
  it('has a table with a cell for each column', () => {
    const { columns, rows } = chart.table(analysisFixture())
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.every((row) => row.length === columns.length)).toBe(true)
  })
})

it('puts the plot of every chart over time at the same place, however long the names', async () => {
  const timed = charts.filter(({ name }) =>
    ['timeline', 'freshness', 'rates', 'backlog', 'backlog-by-partition'].includes(name),
  )
  const places = await Promise.all(
    timed.map(async (chart) => {
      const svg = await renderChart(chart.name, chart.spec(hostileFixture()) ?? {}, WORDS)
      const [, offset, width] = /viewBox="(-?[\d.]+) 0 ([\d.]+) /.exec(svg) ?? []
      const left = /transform="translate\(([\d.]+),/.exec(svg)?.[1]
      return `${Number(left) - Number(offset)} of ${width}`
    }),
  )
  expect([...new Set(places)]).toHaveLength(1)
})

it('thins a long run to what a plot has room for, keeping the worst', () => {
  const { summary, series } = analysisFixture()
  const backlog = Array.from({ length: 5000 }, (_, index) => ({
    atMs: index * 20,
    events: index === 4321 ? 999 : 1,
  }))
  const rows =
    charts
      .find(({ name }) => name === 'backlog')
      ?.table({ summary, series: { ...series, backlog } }).rows ?? []
  expect(rows.length).toBeLessThanOrEqual(600)
  expect(rows.some(([, events]) => events === 999)).toBe(true)
})
