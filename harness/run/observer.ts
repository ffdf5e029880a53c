import type { Progress } from '../load/generator.ts'
import type { Scenario } from '../scenario/schema.ts'
import type { LogEntry } from './log.ts'

/** Who watches a run: the terminal's live block, plain lines, or NDJSON. */
export interface Observer {
  started(run: { readonly directory: string; readonly scenario: Scenario }): void
  entry(entry: LogEntry): void
  /** About twice a second; `atMs` from the start of the load. */
  progress(now: { readonly atMs: number; readonly load: Progress; readonly landed: number }): void
}
