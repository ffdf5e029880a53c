import type { Analysis } from '../../harness/analysis/summary.ts'
import type { Figure } from '../charts/figure.ts'
import { liveSpec } from '../live-spec.ts'
import { renderChart } from '../render-chart.ts'
import { page, jsonInScript, raw, type Markup } from './markup.ts'
import { shareData } from './shared-data.ts'
import { table } from './table.ts'

/** A chart, its reading, its numbers, its spec and its live view; or a word that there is nothing to draw. */
export async function figure(chart: Figure, analysis: Analysis): Promise<Markup> {
  const { name, question } = chart
  const spec = chart.spec(analysis)
  const body = spec === null ? NO_DATA : await drawn(chart, spec, analysis)
  return page`<section class="section" aria-labelledby="chart-${name}"><h3 id="chart-${name}">${question}</h3>
${body}</section>
`
}
const NO_DATA = page`<p class="none">No data: this run recorded nothing to draw here.</p>`

async function drawn(chart: Figure, spec: object, analysis: Analysis): Promise<Markup> {
  const { name, question, note, zoom = false } = chart
  const { columns, rows } = chart.table(analysis)
  const svg = await renderChart(name, spec, {
    title: question,
    text: `${note} The numbers are in the table below.`,
  })
  const live = liveSpec(name, spec, zoom)
  return page`<figure><div class="box" role="region" tabindex="0" aria-label="Chart: ${question}" id="box-${name}">${raw(svg)}</div><figcaption>${note}</figcaption></figure>
<div class="tools"><button type="button" hidden data-live="${name}" aria-pressed="false" aria-controls="box-${name}">Live view<span class="unseen">: ${question}</span></button>
<button type="button" hidden data-spec="${name}" aria-controls="shown-${name}" aria-expanded="false">Vega-Lite spec<span class="unseen">: ${question}</span></button></div>
<details><summary>Numbers<span class="unseen">: ${question}</span></summary>${table(`Numbers: ${question}`, columns, rows)}</details>
<pre id="shown-${name}" hidden tabindex="0" aria-label="Vega-Lite spec: ${question}"></pre>
<script type="application/json" id="specs-${name}">${jsonInScript(shareData({ still: spec, live }))}</script>
`
}
