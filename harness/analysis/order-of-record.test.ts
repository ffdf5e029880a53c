import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AuditRows } from '../../targets/target.ts'
import type { LogEntry } from '../run/log.ts'
import type { RunRecord } from '../run/record.ts'
import { analyze } from './analyze.ts'
import { fault, frozen, recordOf } from './record.fixture.ts'

/** A run with something of everything: a fault, copies, a loss, a stranger, a corrupt row. */
const RECORD = recordOf({
  eps: 20,
  faults: [fault('f')],
  landsAt: (at, i) => (i === 9 ? null : frozen(12_000, 18_000)(at)),
  rows: (rows) => [
    ...rows.map((row, i) => (i % 50 === 7 ? { ...row, copies: 3, positions: 2, visible: 2 } : row)),
    { lane: 99, seq: 3, copies: 2, positions: 1, visible: 1, corrupt: 1 },
  ],
  record: { inLog: Uint8Array.of(1) },
})
const EXPECTED = analyze(RECORD)

/** Indexes in an order that follows from the seed. */
function shuffled(length: number, seed: number): readonly number[] {
  const order = Array.from({ length }, (_, i) => i)
  let state = seed | 1
  for (let i = length - 1; i > 0; i--) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    const j = state % (i + 1)
    const [a, b] = [order[i] ?? 0, order[j] ?? 0]
    order[i] = b
    order[j] = a
  }
  return order
}

function shuffledAudit({ audit }: RunRecord, seed: number): AuditRows | null {
  if (audit === null) return null
  const order = shuffled(audit.lane.length, seed)
  return {
    lane: Uint16Array.from(order, (i) => audit.lane[i] ?? 0),
    seq: Uint32Array.from(order, (i) => audit.seq[i] ?? 0),
    copies: Uint32Array.from(order, (i) => audit.copies[i] ?? 0),
    positions: Uint32Array.from(order, (i) => audit.positions[i] ?? 0),
    visible: Uint32Array.from(order, (i) => audit.visible[i] ?? 0),
    corrupt: Uint8Array.from(order, (i) => audit.corrupt[i] ?? 0),
  }
}

/** Probes answer when they answer: their lines may stand anywhere among the others. */
function scattered(log: readonly LogEntry[], seed: number): readonly LogEntry[] {
  const probes = log.filter(({ type }) => type === 'probe')
  const others = log.filter(({ type }) => type !== 'probe')
  const places = shuffled(probes.length, seed)
  return places.reduce<LogEntry[]>(
    (lines, place, at) => {
      const probe = probes[place]
      if (probe !== undefined) lines.splice((at * 7 + seed) % (lines.length + 1), 0, probe)
      return lines
    },
    [...others],
  )
}

describe('the analysis does not depend on', () => {
  const seed = fc.integer({ min: 1, max: 2 ** 31 - 1 })
  test('the order in which the sink gave its rows', () => {
    fc.assert(
      fc.property(seed, (n) => {
        expect(analyze({ ...RECORD, audit: shuffledAudit(RECORD, n) })).toEqual(EXPECTED)
      }),
      { numRuns: 20 },
    )
  })
  test('where the probes stand in the log', () => {
    fc.assert(
      fc.property(seed, (n) => {
        expect(analyze({ ...RECORD, log: scattered(RECORD.log, n) })).toEqual(EXPECTED)
      }),
      { numRuns: 20 },
    )
  })
  test('whether it was done before: it leaves the record as it was', () => {
    expect(analyze(RECORD)).toEqual(EXPECTED)
  })
})

test('the order of the phases is what happened, and does matter', () => {
  const turned = [...RECORD.log].reverse()
  expect(analyze({ ...RECORD, log: turned })).not.toEqual(EXPECTED)
})
