import { expect, it } from 'vitest'
import { runText } from '../../../harness/run/run.fixture.ts'

const SCENARIO = `version: 1
name: reorder-calibration
pipeline: { use: memory, with: { delay: 1s, jitter: 300ms, reorder: 9, lose: 2 } }
load: { rate: 500/s, producer: { lanes: 2 } }
phases: { warmup: 1s, baseline: 2s, faults: 1s, recovery: 1s, settle: 10s }
objectives: [{ measure: reordered, max: 0 }]
`

it('counts exactly the overtakings that were planted', async () => {
  const run = await runText(SCENARIO)
  expect(run.summary.accounting).toMatchObject({ acked: 2500, lost: 2, reordered: 9, corrupt: 0 })
  await run.remove()
})
