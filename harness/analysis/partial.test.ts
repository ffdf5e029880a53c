import { expect, it } from 'vitest'
import { renderPartial } from '../../reports/partial.ts'
import type { LogEntry } from '../run/log.ts'
import { partialOf } from './partial.ts'
import { fault, recordOf } from './record.fixture.ts'

const KILLED_MS = 13_000
const LOAD = { offered: 1300, acked: 1290, rejected: 0, indeterminate: 0, unsent: 0, pending: 10 }
const { meta, log } = recordOf({ faults: [fault('stop'), fault('later', 5000)] })
const progress: LogEntry = { type: 'progress', atMs: 12_900, load: LOAD, landed: 1280 }
const partial = partialOf({
  started: { ...meta, scenario: { ...meta.scenario, name: '<script>' } },
  log: [...log.filter(({ atMs }) => atMs < KILLED_MS), progress],
  missing: ['ledger/landed.bin'],
})

it('is inconclusive, for the run was interrupted', () => {
  expect(partial.verdict).toBe('inconclusive')
  expect(partial.doubts).toEqual([
    {
      code: 'interrupted',
      detail: 'the run ended in faults, before it was measured: no ledger/landed.bin',
    },
  ])
})

it('says what the log knows, and no measure', () => {
  expect(partial.faults).toMatchObject([
    { id: 'stop', inForceMs: 12_000, healedMs: null },
    { id: 'later', injectedMs: null },
  ])
  expect(partial.progress).toEqual({ atMs: 12_900, ...LOAD, landed: 1280 })
  expect(partial.phases.at(-1)).toMatchObject({ phase: 'faults', startMs: 12_000 })
  expect(partial).not.toHaveProperty('accounting')
})

it('is drawn as text in which names stay text', () => {
  const text = renderPartial(partial)
  expect(text).toContain('INCONCLUSIVE: &lt;script>')
  expect(text).toContain('| 12.9 s | 1,300 | 1,290 | 0 | 1,280 |')
})

it('can be had of a run that was killed before anything was logged', () => {
  const none = partialOf({ started: meta, log: [], missing: ['meta.json'] })
  expect(none.sentence).toBe('the run ended in setup, before it was measured')
  expect(renderPartial(none)).toContain('The load had not begun.')
})
