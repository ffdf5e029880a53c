import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { analyze } from '../analysis/analyze.ts'
import type { Summary } from '../analysis/summary.ts'
import { openJournals } from '../runtime/journal.ts'
import { readRun } from './run-directory.ts'
import { runText, type FinishedRun } from './run.fixture.ts'

/** A pause from 8 s to 15 s, seen through a delay of 300 ms, and a fault from 8 s to 12 s; the faults phase is 7 s to 13 s. */
const SCENARIO = `version: 1
name: <script>calibration</script>
pipeline:
  use: memory
  with: { delay: 300ms, lose: 7, duplicate: 11, corrupt: 3, pauses: [{ at: 8s, for: 7s }] }
load: { rate: 1k/s, payload: { size: 200B } }
phases: { warmup: 2s, baseline: 5s, faults: 6s, recovery: 8s, settle: 10s }
faults: [{ id: pause, fault: noop, at: 1s, for: 4s }]
objectives: [{ measure: lost, max: 0 }]
`
const PROBE_MS = 100
const DELAY_MS = 300
const PAUSE_MS = 7000
/** The pause ends at 15 s, the fault at 12 s. */
const CATCH_UP_MS = 3000
const FAULTS_MS = 6000

let run: FinishedRun
let summary: Summary
beforeAll(async () => {
  run = await runText(SCENARIO)
  summary = run.summary
})
afterAll(() => run.remove())

describe('a run on the memory pipeline', () => {
  it('finds exactly what was planted', () => {
    expect(summary.accounting).toMatchObject({
      scheduled: 21_000,
      acked: 21_000,
      unsent: 0,
      lost: 7,
      late: 0,
      duplicatedPhysical: 11,
      corrupt: 3,
      unexpected: 0,
      landed: 20_993,
    })
  })

  it('fails for it, whatever else is in doubt', () => {
    expect(summary.verdict).toBe('fail')
    expect(summary.guarantee.kept).toBe(false)
  })

  it('gives the p95 of a frozen sink: T - 0.05 D, within one probe interval', () => {
    const expected = PAUSE_MS + DELAY_MS - 0.05 * FAULTS_MS
    expect(Math.abs((summary.freshness.faults?.p95Ms ?? 0) - expected)).toBeLessThanOrEqual(
      PROBE_MS,
    )
  })

  it('gives the peak backlog of the pause: all that came due in it', () => {
    // The seven lost ones never leave the backlog; a thousand events a second make a millisecond an event.
    const expected = PAUSE_MS + DELAY_MS + 7
    const peak = summary.faults[0]?.peakBacklog ?? 0
    const errorMs = summary.freshness.faults?.errorMs ?? 0
    expect(Math.abs(peak - expected)).toBeLessThanOrEqual(Math.max(PROBE_MS, errorMs))
  })

  it('catches up when the pause ends, 3 s after the fault, within its stated error', () => {
    const catchUp = summary.faults[0]?.catchUp
    if (catchUp?.state !== 'recovered') throw new Error(`it said ${JSON.stringify(catchUp)}`)
    expect(Math.abs(catchUp.ms - CATCH_UP_MS)).toBeLessThanOrEqual(catchUp.errorMs)
    // Else an answer of 0 would pass.
    expect(catchUp.errorMs).toBeLessThan(CATCH_UP_MS / 2)
  })

  it('says the same when it is analysed again', async () => {
    expect(analyze(await readRun(run.directory)).summary).toEqual(summary)
  })

  it('leaves nothing running', () => {
    expect(openJournals().filter((one) => one.directory === run.directory)).toEqual([])
  })
})
