import type { Summary, Verdict } from '../../harness/analysis/summary.ts'
import { count, duration, freshnessStat, NONE, VERDICTS } from '../words.ts'
import { page, type Markup } from './markup.ts'

/** A colour, a sign and a word: none of them alone carries the meaning. */
export function verdictWord(verdict: Verdict): Markup {
  const { word, icon } = VERDICTS[verdict]
  return page`<span class="word ${verdict}"><span aria-hidden="true">${icon}</span> ${word}</span>`
}

export function verdictBlock({ verdict, sentence, reasons, question, scenario }: Summary): Markup {
  const why = reasons.map((reason) => page`<li>${reason}</li>`)
  return page`<h1>${scenario}</h1>
<div class="verdict ${verdict}" role="status"><p>${verdictWord(verdict)} ${sentence}</p>${why.length === 0 ? null : page`<ul>${why}</ul>`}</div>
${question === null ? null : page`<p class="question">Question: ${question}</p>`}`
}

/** Name and value of the numbers that matter most. */
export function keyFigures(summary: Summary): readonly (readonly [string, string])[] {
  const { accounting, freshness, faults } = summary
  const known = (events: number): string => count(accounting.audited ? events : null)
  const p95 = (stats: (typeof freshness)['baseline']): string =>
    stats === undefined ? NONE : freshnessStat(stats, 'p95')
  const stuck = faults.some(({ catchUp }) => catchUp.state === 'not-recovered')
  const longest = faults.reduce(
    (most, { catchUp }) => Math.max(most, catchUp.state === 'recovered' ? catchUp.ms : 0),
    0,
  )
  return [
    ['Freshness p95, baseline', p95(freshness.baseline)],
    ['Freshness p95, faults', p95(freshness.faults)],
    ['Freshness p95, recovery', p95(freshness.recovery)],
    ['Longest catch-up', faults.length === 0 ? NONE : stuck ? 'not recovered' : duration(longest)],
    [
      'Peak backlog',
      faults.length === 0
        ? NONE
        : count(highest(faults.flatMap(({ peakBacklog }) => peakBacklog ?? []))),
    ],
    ['Lost', known(accounting.lost)],
    ['Duplicates, visible', known(accounting.duplicatedVisible)],
    ['Events landed', count(accounting.landed)],
  ]
}

export function keyFiguresBlock(summary: Summary): Markup {
  const cells = keyFigures(summary).map(
    ([name, value]) => page`<div><dt>${name}</dt><dd>${value}</dd></div>`,
  )
  return page`<dl class="figures" aria-label="Key figures">${cells}</dl>`
}

export function doubtsBlock({ doubts, notes }: Summary): Markup {
  const noted =
    notes.length === 0
      ? page``
      : page`<p>Noted under way:</p><ul>${notes.map((text) => page`<li>${text}</li>`)}</ul>`
  if (doubts.length === 0)
    return page`<p>None: nothing in the run gives reason to distrust its measurements.</p>${noted}`
  return page`<ul class="doubts">${doubts.map(({ code, detail }) => page`<li><strong>${code}</strong>: ${detail}</li>`)}</ul>${noted}`
}

const highest = (values: readonly number[]): number | null =>
  values.length === 0 ? null : Math.max(...values)
