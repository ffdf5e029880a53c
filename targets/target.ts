import type { Clock } from '../harness/lib/clock.ts'
import type * as z from 'zod'
import type { Kind } from '../harness/kind.ts'
import type { System } from '../harness/faults/fault.ts'
import type { Runtime } from '../harness/runtime/runtime.ts'

export const GUARANTEES = ['at-most-once', 'at-least-once', 'deduplicated', 'exactly-once'] as const
export type Guarantee = (typeof GUARANTEES)[number]

/** Rows that became visible: parallel arrays, so that a million rows cost no million objects. */
export interface LandedRows {
  readonly lane: Uint16Array
  readonly seq: Uint32Array
}
/** What the audit reads over a fresh connection, one entry per distinct (lane, seq) in the sink. */
export interface AuditRows {
  readonly lane: Uint16Array
  readonly seq: Uint32Array
  /** Stored copies. */
  readonly copies: Uint32Array
  /** Distinct (partition, offset) pairs among the copies: 1 with copies > 1 is a sink replay. */
  readonly positions: Uint32Array
  /** Copies that a consumer's query sees, after the pipeline's own dedupe. */
  readonly visible: Uint32Array
  /** 1 where any copy fails its checksum or names another run. */
  readonly corrupt: Uint8Array
  /**
   * The sink's own count of all its rows, asked apart from the columns and after them. The sum of `copies` should be
   * this; where copies are merged, those merged away in between may be missing here.
   */
  readonly storedRows?: number
  /**
   * The sink merges copies away by itself, so those beyond one may be gone before the audit: `copies` and `positions`
   * are lower bounds, and no copy found does not mean that none was written.
   */
  readonly copiesMerged?: boolean
}
/** The far end of the black box. */
export interface Sink extends AsyncDisposable {
  /**
   * Rows that became visible since the last call; a row may be reported twice, never left out. `visible` is called once
   * it is certain that all that will be reported can be queried: reading the rows themselves may take longer.
   */
  landed(signal: AbortSignal, visible?: () => void): Promise<LandedRows>
  audit(signal: AbortSignal): Promise<AuditRows>
  /** Of these events, which does the log still hold? Absent where there is no log. Decides "lost in the log" or "lost at the sink". */
  inLog?(events: LandedRows, signal: AbortSignal): Promise<Uint8Array>
}
/** How the load worker reaches the source: plain data, since it is another process. */
export type SourceSpec =
  | { readonly kind: 'memory'; readonly port: number }
  | {
      readonly kind: 'kafka'
      readonly brokers: readonly string[]
      readonly topic: string
      readonly partitions: number
    }
export interface Gauges {
  readonly [name: string]: number
}
export interface Target extends AsyncDisposable {
  readonly guarantee: Guarantee
  readonly system: System
  readonly source: SourceSpec
  readonly sink: Sink
  /** Settings that recovery time depends on (session time-outs, batch sizes ...): recorded with the run. */
  readonly settings: Readonly<Record<string, string | number>>
  readonly versions: Readonly<Record<string, string>>
  /**
   * Inner view: `lag.<partition>`, `parts`, `consumer.restarts`. Never used for the verdict; settle ends once every `lag.`
   * is 0, so where there are gauges, there is to be a lag.
   */
  gauges?(signal: AbortSignal): Promise<Gauges>
}
export interface TargetEnv {
  readonly runId: string
  readonly runtime: Runtime
  readonly clock: Clock
  readonly signal: AbortSignal
}
/** The offered load, for a pipeline whose options have to fit it. */
export interface OfferedLoad {
  readonly events: number
  readonly lanes: number
  readonly durationMs: number
  readonly probeIntervalMs: number
}
/** An option that cannot mean what it says: its path below `with`, and what would be right. */
export interface OptionProblem {
  readonly path: readonly (string | number)[]
  readonly message: string
}
export interface TargetKind<
  Name extends string = string,
  Options extends z.ZodObject = z.ZodObject,
> extends Kind<Name, Options> {
  guarantee(options: z.output<Options>): Guarantee
  /** Names a fault's `on` may have, known before anything starts; `kafka.1` style. */
  services(options: z.output<Options>): readonly string[]
  links(options: z.output<Options>): readonly string[]
  /** What no schema sees: options that do not fit the load. Asked before anything starts. */
  problems?(options: z.output<Options>, load: OfferedLoad): readonly OptionProblem[]
  start(options: z.output<Options>, env: TargetEnv): Promise<Target>
}
