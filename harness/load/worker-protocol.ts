import type { SourceSpec } from '../../targets/target.ts'
import type { LoadPlan } from '../scenario/plan.ts'
import type { Progress } from './generator.ts'

/** What the harness tells the load worker over the process channel. */
export type ToWorker =
  | {
      readonly type: 'prepare'
      readonly runId: string
      readonly originNs: string
      readonly plan: LoadPlan
      readonly source: SourceSpec
      readonly directory: string
    }
  | { readonly type: 'go'; readonly startMs: number; readonly answerLimitMs: number }
  /** Nothing is scheduled from `atMs` on. */
  | { readonly type: 'end'; readonly atMs: number; readonly answerLimitMs?: number }
export type FromWorker =
  | { readonly type: 'ready'; readonly count: number }
  | { readonly type: 'progress'; readonly progress: Progress }
  /** The columns are written; the schedule had `count` events. */
  | { readonly type: 'done'; readonly progress: Progress; readonly count: number }
  | { readonly type: 'failed'; readonly message: string }
