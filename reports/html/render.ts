import { createHash } from 'node:crypto'
import type { Analysis } from '../../harness/analysis/summary.ts'
import { charts } from '../charts/index.ts'
import { VERDICTS } from '../words.ts'
import { figure } from './figure.ts'
import { page, raw, type Markup } from './markup.ts'
import { environmentBlock, reproduceBlock } from './provenance.ts'
import { faultsBlock, freshnessBlock, ledgerBlock, objectivesBlock } from './results.ts'
import { SCRIPT } from './script.ts'
import { insideBlock, selfCheckBlock } from './self-check.ts'
import { STYLE } from './style.ts'
import { interpreterScript, vegaScript } from './vega-scripts.ts'
import { doubtsBlock, keyFiguresBlock, verdictBlock } from './verdict.ts'

interface Section {
  readonly id: string
  readonly title: string
  readonly body: Markup
}

const hash = (text: string): string =>
  `'sha256-${createHash('sha256').update(text).digest('base64')}'`
/** Nothing may load from anywhere, and only this page's own style and scripts apply: no text ever becomes code. */
const policy = (scripts: readonly string[]): string =>
  `default-src 'none'; style-src ${hash(STYLE)}; script-src ${scripts.map(hash).join(' ')}; img-src data:; base-uri 'none'; form-action 'none'`

const LIVE_HINT = page`<p class="note hint">Live view: hover for values. Charts over time zoom by the wheel, move by dragging and come back by a double click. All numbers are in the tables too.</p>`

async function sections(analysis: Analysis): Promise<readonly Section[]> {
  const { summary } = analysis
  const drawn = await Promise.all(charts.map((chart) => figure(chart, analysis)))
  return [
    { id: 'doubts', title: 'Doubts', body: doubtsBlock(summary) },
    { id: 'objectives', title: 'Objectives', body: objectivesBlock(summary) },
    { id: 'faults', title: 'Faults', body: faultsBlock(summary) },
    { id: 'freshness', title: 'Freshness by phase', body: freshnessBlock(summary) },
    { id: 'charts', title: 'Charts', body: page`${LIVE_HINT}${drawn}` },
    { id: 'ledger', title: 'Ledger', body: ledgerBlock(summary) },
    { id: 'inside', title: 'Inside the pipeline', body: insideBlock(summary) },
    { id: 'self-check', title: 'Self-check', body: selfCheckBlock(summary) },
    { id: 'environment', title: 'Environment', body: environmentBlock(summary) },
    { id: 'reproduce', title: 'How to reproduce', body: reproduceBlock(summary) },
  ]
}

function whole(analysis: Analysis, all: readonly Section[]): Markup {
  const { summary } = analysis
  const [vega, interpreter] = [vegaScript(), interpreterScript()]
  const contents = all.map(({ id, title }) => page`<li><a href="#${id}">${title}</a></li>`)
  const bodies = all.map(
    ({ id, title, body }) =>
      page`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>\n${body}</section>\n`,
  )
  return page`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${raw(policy([SCRIPT, vega, interpreter]))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${VERDICTS[summary.verdict].word}: ${summary.scenario}</title><link rel="icon" href="data:,">
<style>${raw(STYLE)}</style></head>
<body><a class="skip" href="#doubts">Skip to the results</a>
<header>${verdictBlock(summary)}${keyFiguresBlock(summary)}<nav aria-label="Contents"><ul>${contents}</ul></nav></header>
<main>${bodies}</main>
<footer>Freshet ${summary.environment.freshet.version}, run ${summary.environment.runId}. This file holds all it shows; it loads nothing.</footer>
<script type="text/plain" id="source-of-vega">${raw(vega)}</script><script type="text/plain" id="source-of-interpreter">${raw(interpreter)}</script>
<script>${raw(SCRIPT)}</script></body></html>
`
}

/** The report as one file that needs no network: it opens from disk, mail or a build's artefacts. */
export async function renderHtml(analysis: Analysis): Promise<string> {
  return whole(analysis, await sections(analysis)).markup
}
