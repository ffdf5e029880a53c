import { expect, it, vi } from 'vitest'
import { analysisFixture, HOSTILE, hostileFixture } from '../analysis.fixture.ts'
import { charts } from '../charts/index.ts'
import { renderHtml } from './render.ts'

// Drawing is quick, but not on a machine that also runs a benchmark.
vi.setConfig({ testTimeout: 30_000 })

it('says the verdict first, as a word', async () => {
  const page = await renderHtml(analysisFixture())
  expect(page.indexOf('FAIL')).toBeLessThan(page.indexOf('id="objectives"'))
  expect(page).toContain('freshet run scenarios/catalog/kill-the-leader.yaml --seed 7')
})
it('draws every chart, with its numbers beside it', async () => {
  const page = await renderHtml(analysisFixture())
  expect(page.match(/<svg/g)).toHaveLength(charts.length)
  for (const { name } of charts) expect(page).toContain(`id="chart-${name}"`)
})
it('loads nothing and stays small', async () => {
  const page = await renderHtml(analysisFixture())
  // Vega's own source speaks of addresses; it is text here, and the policy would refuse them.
  const own = page.replaceAll(/<script type="text\/plain".*?<\/script>/gs, '')
  expect(own).not.toMatch(/(?:src|href|action)="?(?:https?:)?\/\//)
  expect(own).not.toMatch(/@import|url\((?!#)/)
  expect(page).toContain("default-src 'none'")
  expect(page).not.toMatch(/unsafe-(?:eval|inline)/)
  expect(page.length).toBeLessThan(2_000_000)
})
it('has no inline style, which its policy would refuse', async () => {
  expect(await renderHtml(analysisFixture())).not.toMatch(/<[^>]* style="/)
})
it('has no id twice', async () => {
  const ids = [...(await renderHtml(analysisFixture())).matchAll(/<[^>]* id="([^"]+)"/g)].map(
    ([, id]) => id,
  )
  expect(new Set(ids).size).toBe(ids.length)
})
it('leaves hostile text text', async () => {
  const page = await renderHtml(hostileFixture())
  expect(page).not.toContain(HOSTILE)
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
  expect(page).not.toMatch(/[\u0000\u001b]/)
})
it(
  'stays under 2 MB for an hour in 1 s windows over 12 partitions',
  { timeout: 30_000 },
  async () => {
    const { summary, series } = analysisFixture()
    const times = Array.from({ length: 3600 }, (_, index) => index * 1000)
    const long = {
      ...series,
      freshness: times.map((atMs) => ({
        atMs,
        p50Ms: 123.4,
        p95Ms: 234.5 + (atMs % 7000),
        p99Ms: 345.6 + (atMs % 9000),
        censored: false,
      })),
      backlog: times.map((atMs) => ({ atMs, events: atMs % 12_345 })),
      rates: times.map((atMs) => ({
        atMs,
        offeredEps: 10_000.5,
        ackedEps: 9999.5,
        landedEps: 10_001.5,
      })),
      backlogByPartition: times.flatMap((atMs) =>
        Array.from({ length: 12 }, (_, partition) => ({ atMs, partition, events: atMs % 977 })),
      ),
    }
    expect((await renderHtml({ summary, series: long })).length).toBeLessThan(2_000_000)
  },
)
