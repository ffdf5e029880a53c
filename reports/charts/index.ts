import { backlog } from './backlog.ts'
import { backlogByPartition } from './backlog-by-partition.ts'
import type { Figure } from './figure.ts'
import { freshness } from './freshness.ts'
import { insertTime } from './insert-time.ts'
import { keySkew } from './key-skew.ts'
import { lagByPartition } from './lag-by-partition.ts'
import { ledger } from './ledger.ts'
import { partitionShare } from './partition-share.ts'
import { percentiles } from './percentiles.ts'
import { rates } from './rates.ts'
import { recovery } from './recovery.ts'
import { timeline } from './timeline.ts'

/** In the order of the report. The charts over time stand below each other, so that their axes line up. */
export const charts: readonly Figure[] = [
  timeline,
  freshness,
  rates,
  backlog,
  backlogByPartition,
  lagByPartition,
  insertTime,
  recovery,
  percentiles,
  partitionShare,
  keySkew,
  ledger,
]
