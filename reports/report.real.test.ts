import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Analysis } from '../harness/analysis/summary.ts'
import { analysisFixture, HOSTILE, hostileFixture } from './analysis.fixture.ts'
import { charts } from './charts/index.ts'
import { writeReports } from './write.ts'

const executablePath = process.env['FRESHET_CHROMIUM'] ?? '/usr/bin/chromium'

describe.skipIf(!existsSync(executablePath))('the report in a browser', { timeout: 60_000 }, () => {
  let browser: Browser
  let directory: string
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'freshet-report-'))
    browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
    })
  }, 60_000)
  afterAll(async () => {
    await browser.close()
    await rm(directory, { recursive: true })
  })

  async function opened(
    analysis: Analysis,
    width = 1280,
  ): Promise<{ page: Page; requests: string[]; complaints: string[]; url: string }> {
    const { html } = await writeReports(directory, analysis)
    const page = await browser.newPage({ viewport: { width, height: 900 } })
    const requests: string[] = []
    const complaints: string[] = []
    page.on('request', (request) => requests.push(request.url()))
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('dialog', (dialog) => {
      complaints.push(dialog.message())
      void dialog.dismiss()
    })
    const url = pathToFileURL(html).href
    await page.goto(url)
    return { page, requests, complaints, url }
  }

  it('shows every chart, loads nothing and complains of nothing', async () => {
    const { page, requests, complaints, url } = await opened(analysisFixture())
    const drawings = await page.locator('figure svg').all()
    const boxes = await Promise.all(drawings.map((one) => one.boundingBox()))
    expect(boxes).toHaveLength(charts.length)
    for (const box of boxes) expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThan(40)
    expect(requests.filter((one) => one !== url && !one.startsWith('data:'))).toEqual([])
    expect(complaints).toEqual([])
    await page.close()
  })
  it('shows a spec on demand, by keyboard', async () => {
    const { page, complaints } = await opened(analysisFixture())
    await page.locator('[data-spec="ledger"]').press('Enter')
    expect(await page.locator('#shown-ledger').textContent()).toContain('vega-lite')
    expect(complaints).toEqual([])
    await page.close()
  })
  it.each([
    ['a run', analysisFixture()],
    ['hostile text', hostileFixture()],
  ])('brings every chart to life by keyboard, without eval or network: %s', async (_, analysis) => {
    const { page, requests, complaints, url } = await opened(analysis)
    for (const { name } of charts) {
      await page.locator(`[data-live="${name}"]`).press('Enter')
      await page.locator(`#box-${name} svg.marks:not(:has(> title))`).waitFor({ timeout: 10_000 })
    }
    expect(complaints).toEqual([])
    expect(requests.filter((one) => one !== url && !one.startsWith('data:'))).toEqual([])
    await page.locator('[data-live="ledger"]').press('Enter')
    expect(await page.locator('#box-ledger svg.marks:not(:has(> title))').count()).toBe(0)
    expect(await page.locator('#box-ledger svg title').count()).toBe(1)
    await page.close()
  })
  it('tells the value under the pointer, and zooms', async () => {
    const { page } = await opened(analysisFixture())
    await page.locator('[data-live="rates"]').press('Enter')
    const ticks = () => page.locator('#box-rates svg .role-axis-label').first().textContent()
    const before = await ticks()
    const box = await page.locator('#box-rates svg.marks:not(:has(> title))').boundingBox()
    if (box === null) throw new Error('the live chart is not shown')
    await page.mouse.move(box.x + 400, box.y + 60)
    await expect.poll(() => page.locator('.tip').textContent()).toContain('run time (s)')
    await page.mouse.wheel(0, -600)
    await expect.poll(ticks).not.toBe(before)
    await page.close()
  })
  it('leaves hostile text text', async () => {
    const { page, complaints } = await opened(hostileFixture())
    expect(await page.locator('h1').textContent()).toBe(HOSTILE)
    expect(await page.locator('script').count()).toBe(charts.length + 3)
    expect(complaints).toEqual([])
    await page.close()
  })
  it.each([390, 320])('scrolls wide charts in their own boxes at %s px', async (width) => {
    const { page } = await opened(hostileFixture(), width)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
    await page.close()
  })
  it('prints in light colours, without buttons, and within a sheet of A4', async () => {
    const { page } = await opened(analysisFixture(), 718)
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(
      'rgb(255, 255, 255)',
    )
    expect(await page.locator('button:visible').count()).toBe(0)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(718)
    await page.close()
  })
  it('draws in other colours where dark is preferred', async () => {
    const { page } = await opened(analysisFixture())
    const ink = () =>
      page.evaluate("getComputedStyle(document.querySelector('#box-rates svg text')).fill")
    const light = await ink()
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await ink()).not.toBe(light)
    await page.close()
  })
})
