import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { analyze } from '../analysis/analyze.ts'
import { spanOf } from '../analysis/phases.ts'
import { readRun } from './run-directory.ts'
import { runText, type FinishedRun } from './run.fixture.ts'

/** The sink stands still from 3.5 s to 8.5 s, 3 s longer than the fault's window; recovery begins at 6 s. */
const scenario = (recovery: string, objectives: string): string => `version: 1
name: early-end
pipeline: { use: memory, with: { delay: 50ms, pauses: [{ at: 3500ms, for: 5s }] } }
load: { rate: 500/s }
phases: { warmup: 1s, baseline: 2s, faults: 3s, recovery: ${recovery}, settle: 10s }
faults: [{ id: still, fault: noop, at: 500ms, for: 2s }]
objectives: [{ measure: lost, max: 0 }, { measure: catch-up, after: still, max: 5s }${objectives}]
`

const lengthOf = ({ summary }: FinishedRun, phase: 'recovery' | 'settle'): number => {
  const span = spanOf(summary.phases, phase)
  return span === null ? Number.NaN : span.endMs - span.startMs
}

describe('a recovery that is planned for 15 s, with a hold of 3 s', () => {
  let run: FinishedRun
  beforeAll(async () => {
    run = await runText(scenario('15s', ''))
  })
  afterAll(() => run.remove())

  it('ends soon after the hold', () => {
    // Held from 8.5 s to 11.5 s at the earliest, 5.5 s into recovery.
    expect(lengthOf(run, 'recovery')).toBeGreaterThan(5500)
    expect(lengthOf(run, 'recovery')).toBeLessThan(10_500)
  })

  it('has scheduled what its shortened length holds, and all of it is accounted for', () => {
    const { accounting, selfCheck, phases } = run.summary
    const warmup = spanOf(phases, 'warmup')?.startMs ?? Number.NaN
    const settle = spanOf(phases, 'settle')?.startMs ?? Number.NaN
    // At 500/s an event is 2 ms; phases are logged a few ms after their time.
    expect(Math.abs(accounting.scheduled - (settle - warmup) / 2)).toBeLessThan(25)
    expect(accounting).toMatchObject({ acked: accounting.scheduled, unsent: 0, lost: 0, late: 0 })
    expect(accounting.landed).toBe(accounting.scheduled)
    expect(selfCheck.identities.every(({ holds }) => holds)).toBe(true)
  })

  it('has the catch-up of the pause, and no doubt that an end could cause', () => {
    // A busy machine may be a doubt of its own.
    const codes = run.summary.doubts.map(({ code }) => code)
    for (const code of ['load-shortfall', 'drain-incomplete', 'interrupted', 'probe-gap'])
      expect(codes).not.toContain(code)
    const catchUp = run.summary.faults[0]?.catchUp
    if (catchUp?.state !== 'recovered') throw new Error(`it said ${JSON.stringify(catchUp)}`)
    // The fault ends at 5.5 s, the pause at 8.5 s.
    expect(Math.abs(catchUp.ms - 3000)).toBeLessThanOrEqual(catchUp.errorMs)
    // Else an answer of 0 would pass.
    expect(catchUp.errorMs).toBeLessThan(1500)
  })

  it('says the same when it is analysed again', async () => {
    expect(analyze(await readRun(run.directory)).summary).toEqual(run.summary)
  })
})

it('has its planned length when an objective is measured over it', async () => {
  const over = ', { measure: freshness, stat: p95, over: recovery, max: 1s }'
  const run = await runText(scenario('5s', over))
  await run.remove()
  expect(Math.abs(lengthOf(run, 'recovery') - 5000)).toBeLessThan(100)
})
