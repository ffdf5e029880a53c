import { describe, expect, it, vi } from 'vitest'
import { compile, type TopLevelSpec } from 'vega-lite'
import type { Analysis } from '../../harness/analysis/summary.ts'
import { analysisFixture, HOSTILE_TEXTS, hostileFixture } from '../analysis.fixture.ts'
import { escapeText } from '../html/markup.ts'
import { figure } from '../html/figure.ts'
import { liveSpec } from '../live-spec.ts'
import { renderChart } from '../render-chart.ts'
import { charts } from './index.ts'

// Drawing is quick, but not on a machine that also runs a benchmark.
vi.setConfig({ testTimeout: 30_000 })

const WORDS = { title: 'a title', text: 'a text' }
/** A run that ended before it measured anything. */
const EMPTY: Analysis = {
  summary: {
    ...analysisFixture().summary,
    faults: [],
    objectives: [],
    phases: [],
    band: null,
    accounting: { ...analysisFixture().summary.accounting, scheduled: 0 },
    gauges: [],
    spread: {
      partitions: 0,
      largestPartitionShare: null,
      keys: { asked: 'uniform over 10 keys', ranks: [] },
    },
  },
  series: {
    windowMs: 1000,
    freshness: [],
    rates: [],
    backlog: [],
    backlogByPartition: [],
    percentiles: [],
    partitionShare: [],
    gauges: [],
  },
}

/** Every string of a spec outside its data. */
function texts(node: unknown, key = ''): readonly string[] {
  if (typeof node === 'string') return [node]
  if (key === 'values' || typeof node !== 'object' || node === null) return []
  return Object.entries(node).flatMap(([name, value]) => texts(value, name))
}

describe.each(charts)('chart $name', (chart) => {
  it('has the agreed spec', async () => {
    await expect(`${JSON.stringify(chart.spec(analysisFixture()), null, 1)}\n`).toMatchFileSnapshot(
      `../golden/${chart.name}.json`,
    )
  })
  it('draws without a warning, with a title and a description for those who cannot see it', async () => {
    const svg = await renderChart(chart.name, chart.spec(analysisFixture()) ?? {}, WORDS)
    expect(svg).toMatch(/^<svg[^>]* role="img"/)
    expect(svg).toContain(`<title id="title-${chart.name}">a title</title>`)
    expect(svg).toContain(`<desc id="desc-${chart.name}">a text</desc>`)
    expect(svg).toContain(`aria-labelledby="title-${chart.name}"`)
  })
  it.each(HOSTILE_TEXTS)(
    'keeps %j text, in the spec, when compiled and when drawn',
    async (text) => {
      const spec = chart.spec(hostileFixture(text)) ?? {}
      expect(texts(spec).filter((one) => one.includes(text))).toEqual([])
      const compiled = compile(spec as TopLevelSpec).spec
      expect(texts(compiled).filter((one) => one.includes(text))).toEqual([])
      const live = liveSpec(chart.name, spec, chart.zoom ?? false)
      expect(texts(live).filter((one) => one.includes(text))).toEqual([])
      const svg = await renderChart(chart.name, spec, WORDS)
      if (/[<>]/.test(text)) expect(svg).not.toContain(text)
    },
  )
  it('declines a run without data, and the page says so', async () => {
    expect(chart.spec(EMPTY)).toBeNull()
    const { markup } = await figure(chart, EMPTY)
    expect(markup).toContain(escapeText(chart.question))
    expect(markup).toContain('No data')
    expect(markup).not.toContain('<svg')
  })
  it('has a table with a cell for each column, none of them NaN', () => {
    const { columns, rows } = chart.table(analysisFixture())
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.every((row) => row.length === columns.length)).toBe(true)
    expect(rows.flat().filter((cell) => /NaN|Infinity|undefined/.test(String(cell)))).toEqual([])
  })
})

it('gives every chart a name and a question of its own', () => {
  expect(new Set(charts.map(({ name }) => name)).size).toBe(charts.length)
  expect(new Set(charts.map(({ question }) => question)).size).toBe(charts.length)
})

it('puts the plot of every chart over time at the same place, however long the names', async () => {
  const timed = charts.filter(({ zoom }) => zoom === true)
  expect(timed.length).toBeGreaterThan(4)
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

it('gives every chart over time the same time axis', () => {
  const domains = charts
    .filter(({ zoom }) => zoom === true)
    .flatMap((chart) => domainsOf(chart.spec(analysisFixture())))
  expect([...new Set(domains)]).toEqual(['[4,134]'])
})

/** Domains of what is titled as run time. */
function domainsOf(node: unknown): readonly string[] {
  if (typeof node !== 'object' || node === null) return []
  const own =
    'axis' in node && JSON.stringify(node.axis).includes('run time') && 'scale' in node
      ? [domainOf(node.scale)]
      : []
  return [...own, ...Object.values(node).flatMap(domainsOf)]
}

const domainOf = (scale: unknown): string =>
  typeof scale === 'object' && scale !== null && 'domain' in scale
    ? JSON.stringify(scale.domain)
    : 'none'

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
