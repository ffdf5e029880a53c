import type { Analysis } from '../../harness/analysis/summary.ts'
import type { Fragment } from './figure.ts'

export const WIDTH = 720
/** Room left of the plot, the same for every chart, so that their time axes line up. */
const LEFT = 92
export const SCHEMA = 'https://vega.github.io/schema/vega-lite/v6.json'

/** What every spec shares. */
export function framed(height: number | Fragment, rest: Fragment): object {
  return { $schema: SCHEMA, width: WIDTH, height, ...rest }
}

export const seconds = (ms: number): number => Math.round(ms) / 1000

/** From the first phase under load to the end of settling, run seconds: one domain for all time charts. */
export function timeDomain({ summary, series }: Analysis): readonly [number, number] {
  const shown = summary.phases.filter(
    ({ phase }) => !['setup', 'audit', 'teardown'].includes(phase),
  )
  const at = [...series.freshness, ...series.rates, ...series.backlog].map(({ atMs }) => atMs)
  const starts = [...shown.map(({ startMs }) => startMs), ...at]
  const ends = [...shown.map(({ endMs }) => endMs), ...at]
  const from = starts.reduce((least, ms) => Math.min(least, ms), starts[0] ?? 0)
  const to = ends.reduce((most, ms) => Math.max(most, ms), from + 1000)
  return [seconds(from), seconds(to)]
}

export function timeX(analysis: Analysis, field: string): Fragment {
  return {
    field,
    type: 'quantitative',
    scale: { domain: timeDomain(analysis), nice: false, zero: false },
    axis: { title: 'run time (s)', grid: false, labelFlush: true },
  }
}

/** Without a browser Vega takes letters for wider than they are: this much by its measure is about the room there is. */
const LABEL_LIMIT = 128
/** Takes a title's room where there is none to show. */
const NO_TITLE = '\u00a0'

/** An axis left of the plot that takes the same room whatever its title and labels. */
export function leftAxis(title: string | null, rest: Fragment = {}): Fragment {
  return {
    title: title ?? NO_TITLE,
    minExtent: LEFT,
    maxExtent: LEFT,
    labelLimit: LABEL_LIMIT,
    titlePadding: 2,
    ...rest,
  }
}

export const topLegend: Fragment = {
  orient: 'top',
  title: null,
  symbolStrokeWidth: 3,
  labelLimit: 260,
}
export const countAxis: Fragment = { format: ',.2~s' }
