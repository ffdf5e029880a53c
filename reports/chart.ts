import type { Analysis } from '../harness/analysis/summary.ts'

/** One file per chart; a chart is a pure function from an analysed run to a Vega-Lite spec. */
export interface Chart {
  readonly name: string
  /** The question that it answers; its heading. */
  readonly question: string
  /** Null when the run has nothing to draw for it. */
  spec(analysis: Analysis): object | null
}
