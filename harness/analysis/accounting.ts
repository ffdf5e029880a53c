import { indexOf, NEVER } from '../run/ledger.ts'
import { CODE, type Observed } from './observed.ts'
import { orderOf } from './order.ts'
import { spanOf } from './phases.ts'
import type { Accounting } from './summary.ts'

type Outcomes = Pick<Accounting, 'scheduled' | 'acked' | 'rejected' | 'indeterminate' | 'unsent'>
type Stored = Pick<
  Accounting,
  | 'landed'
  | 'duplicatedPhysical'
  | 'duplicatedPhysicalAtLeast'
  | 'duplicatedVisible'
  | 'duplicatedBy'
  | 'unexpected'
  | 'corrupt'
  | 'sinkRows'
>
type Absent = Pick<Accounting, 'lost' | 'lostAt' | 'late' | 'recovered'>

/** The audit: what was acked against what the sink holds. */
export function accountingOf(observed: Observed): Accounting {
  return {
    audited: observed.record.audit !== null,
    ...outcomesOf(observed),
    ...storedOf(observed),
    ...absentOf(observed),
    ...orderOf(observed.ledger),
  }
}

function outcomesOf({ ledger }: Observed): Outcomes {
  const counts = [0, 0, 0, 0]
  for (let i = 0; i < ledger.count; i++) {
    const code = ledger.outcome[i] ?? 0
    counts[code] = (counts[code] ?? 0) + 1
  }
  const of = (code: number): number => counts[code] ?? 0
  return {
    scheduled: ledger.count,
    acked: of(CODE.acked),
    rejected: of(CODE.rejected),
    indeterminate: of(CODE.indeterminate),
    unsent: of(CODE.unsent),
  }
}

/** Was this row never attempted, or definitely refused? Either way nobody owed it to the sink. */
const unowed = (outcome: number): boolean => outcome === CODE.unsent || outcome === CODE.rejected

function storedOf(observed: Observed): Stored {
  const { audit } = observed.record
  return audit === null ? probedOf(observed) : auditedOf(observed, audit)
}

function auditedOf({ ledger }: Observed, audit: NonNullable<Observed['record']['audit']>): Stored {
  const seen = new Uint8Array(ledger.count)
  const strangers = new Set<string>()
  const n = { landed: 0, visible: 0, replay: 0, retry: 0, unexpected: 0, corrupt: 0, rows: 0 }
  for (let row = 0; row < audit.lane.length; row++) {
    const [lane, seq, copies] = [audit.lane[row] ?? 0, audit.seq[row] ?? 0, audit.copies[row] ?? 0]
    const [positions, visible] = [audit.positions[row] ?? 0, audit.visible[row] ?? 0]
    const index = indexOf(ledger, lane, seq)
    const known = index >= 0 ? seen[index] === 1 : strangers.has(`${lane}/${seq}`)
    if (index >= 0) seen[index] = 1
    else strangers.add(`${lane}/${seq}`)
    if (!known) n.landed++
    if (!known && (index < 0 || unowed(ledger.outcome[index] ?? 0))) n.unexpected++
    if (audit.corrupt[row] === 1) n.corrupt++
    if (visible > 1) n.visible += visible - 1
    n.replay += copies - positions
    n.retry += positions - 1
    n.rows += copies
  }
  return {
    landed: n.landed,
    duplicatedPhysical: n.replay + n.retry,
    duplicatedPhysicalAtLeast: audit.copiesMerged === true,
    duplicatedVisible: n.visible,
    duplicatedBy: { sinkReplay: n.replay, producerRetry: n.retry },
    unexpected: n.unexpected,
    corrupt: n.corrupt,
    sinkRows: n.rows,
  }
}

/** Without an audit only distinct landings are known; the missing counts are covered by the doubt `drain-incomplete`. */
function probedOf({ ledger, present }: Observed): Stored {
  let landed = 0
  let unexpected = 0
  for (let i = 0; i < ledger.count; i++) {
    if (present[i] !== 1) continue
    landed++
    if (unowed(ledger.outcome[i] ?? 0)) unexpected++
  }
  const duplicates = {
    duplicatedPhysical: 0,
    duplicatedPhysicalAtLeast: false,
    duplicatedVisible: 0,
    duplicatedBy: { sinkReplay: 0, producerRetry: 0 },
  }
  return { landed, unexpected, corrupt: 0, sinkRows: landed, ...duplicates }
}

function absentOf(observed: Observed): Absent {
  const { ledger, present } = observed
  const { inLog } = observed.record
  let [missing, inTheLog, recovered] = [0, 0, 0]
  for (let i = 0; i < ledger.count; i++) {
    if (ledger.outcome[i] === CODE.indeterminate && present[i] === 1) recovered++
    if (ledger.outcome[i] !== CODE.acked || present[i] === 1) continue
    if (inLog?.[missing] === 1) inTheLog++
    missing++
  }
  // Without a log, or without its answer, nobody can say where: null, not 0.
  const known = inLog !== null && inLog.length === missing
  if (!isDrained(observed))
    return { lost: 0, lostAt: known ? { upToLog: 0, afterLog: 0 } : null, late: missing, recovered }
  return {
    lost: missing,
    lostAt: known ? { upToLog: missing - inTheLog, afterLog: inTheLog } : null,
    late: 0,
    recovered,
  }
}

/**
 * May absence be called loss? Only after an audit, with nothing still held back: every fault healed, settle ended
 * before its deadline. When nothing acked is absent there is nothing left to wait for.
 */
export function isDrained(observed: Observed): boolean {
  if (observed.record.audit === null) return false
  return (
    nothingMissing(observed) ||
    !(saidIncomplete(observed) || settleTimedOut(observed) || faultInForce(observed))
  )
}

function nothingMissing({ ledger, present }: Observed): boolean {
  for (let i = 0; i < ledger.count; i++)
    if (ledger.outcome[i] === CODE.acked && present[i] !== 1) return false
  return true
}

const saidIncomplete = ({ record }: Observed): boolean =>
  record.log.some(
    (entry) => entry.type === 'doubt' && ['drain-incomplete', 'interrupted'].includes(entry.code),
  )

/** Settle was allowed `end - settle` of the plan; one that used it all ended by its deadline. */
function settleTimedOut({ record, phases }: Observed): boolean {
  const settle = spanOf(phases, 'settle')
  const { plannedMs } = record.meta
  return settle === null || settle.endMs - settle.startMs >= plannedMs.end - plannedMs.settle
}

function faultInForce({ record }: Observed): boolean {
  const open = new Set<string>()
  for (const entry of record.log) {
    if (entry.type !== 'fault') continue
    if (entry.edge === 'in-force') open.add(entry.id)
    if (entry.edge === 'healed') open.delete(entry.id)
  }
  return open.size > 0
}

/** Events in the audit that no probe ever saw land. */
export function unseenByProbes({ record, ledger, present }: Observed): number {
  if (record.audit === null) return 0
  let unseen = 0
  for (let i = 0; i < ledger.count; i++)
    if (present[i] === 1 && ledger.landed[i] === NEVER) unseen++
  return unseen
}
