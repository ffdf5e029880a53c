import type { Analysis } from '../../harness/analysis/summary.ts'
import type { Figure } from '../charts/figure.ts'
import { renderChart } from '../render-chart.ts'
import { page, jsonInScript, raw, type Markup } from './markup.ts'
import { table } from './table.ts'

/** A chart, its reading, its numbers and its spec. Null when the run has nothing to draw for it. */
export async function figure(chart: Figure, analysis: Analysis): Promise<Markup | null> {
  const spec = chart.spec(analysis)
  if (spec === null) return null
  const { columns, rows } = chart.table(analysis)
  const [id, source, shown] = [`chart-${chart.name}`, `spec-${chart.name}`, `shown-${chart.name}`]
  return page`<section class="section" aria-labelledby="${id}"><h3 id="${id}">${chart.question}</h3>
<figure><div class="box" role="region" tabindex="0" aria-label="Chart: ${chart.question} The numbers are in the table below it.">${raw(await renderChart(chart.name, spec))}</div>
<figcaption>${chart.note}</figcaption></figure>
<details><summary>Numbers: ${chart.question}</summary>${table(`Numbers: ${chart.question}`, columns, rows)}</details>
<button type="button" hidden data-spec="${source}" aria-controls="${shown}" aria-expanded="false">Vega-Lite spec</button><pre id="${shown}" hidden tabindex="0"></pre>
<script type="application/json" id="${source}">${jsonInScript(spec)}</script></section>
`
}
