import type { Analysis } from '../../harness/analysis/summary.ts'
import type { Chart } from '../chart.ts'

/** The numbers behind a chart, for those who cannot see it or want them exactly. */
export interface Table {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | number)[])[]
}
/** A chart with what a reader needs beside the picture. */
export interface Figure extends Chart {
  /** How to read it, in one or two sentences. */
  readonly note: string
  /** Its x axis can be zoomed and moved in the live view. */
  readonly zoom?: boolean
  /** The text alternative; asked only where `spec` is not null. */
  table(analysis: Analysis): Table
}
/** A fragment of a Vega-Lite spec. Text of the scenario goes into `data.values` and nowhere else: it must never become an expression. */
export type Fragment = Readonly<Record<string, unknown>>
