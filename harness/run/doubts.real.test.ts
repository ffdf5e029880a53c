import { describe, expect, it } from 'vitest'
import type { Summary } from '../analysis/summary.ts'
import { runText } from './run.fixture.ts'

const PHASES = '{ warmup: 3s, baseline: 4s, faults: 4s, recovery: 4s, settle: 10s }'
const ONE_BROKER = '{ use: log-first, with: { brokers: 1, partitions: 2 } }'

async function doubtsOf(scenario: string): Promise<Pick<Summary, 'verdict' | 'doubts'>> {
  const run = await runText(scenario)
  await run.remove()
  return run.summary
}

describe('a run that cannot be trusted is inconclusive', () => {
  it('when its fault is on a link that carries nothing', async () => {
    const { verdict, doubts } = await doubtsOf(`version: 1
name: idle-link
pipeline: ${ONE_BROKER}
load: { rate: { shape: step, steps: [{ at: 0s, rate: 500/s }, { at: 6s, rate: 0/s }] } }
phases: ${PHASES}
faults: [{ id: idle, fault: latency, on: "link:producers", delay: 50ms, at: 1s, for: 2s }]
objectives: [{ measure: lost, max: 0 }]
`)
    expect(doubts.map((one) => one.code)).toContain('fault-not-in-force')
    expect(verdict).toBe('inconclusive')
  })

  it('when the generator cannot keep up', async () => {
    const { verdict, doubts } = await doubtsOf(`version: 1
name: starved-generator
pipeline: { use: memory, with: { delay: 10ms } }
load: { rate: 400k/s, producer: { maxPending: 5k } }
phases: { warmup: 1s, baseline: 1s, faults: 1s, recovery: 1s, settle: 10s }
objectives: [{ measure: lost, max: 0 }]
`)
    expect(doubts.map((one) => one.code)).toContain('load-shortfall')
    expect(verdict).toBe('inconclusive')
  })

  it('when its toxic cannot be removed', async () => {
    process.env['FRESHET_TEST_WEDGE_TOXICS'] = '1'
    try {
      const { verdict, doubts } = await doubtsOf(`version: 1
name: wedged-toxic
pipeline: ${ONE_BROKER}
load: { rate: 500/s }
phases: ${PHASES}
faults: [{ id: slow, fault: latency, on: "link:sink", delay: 50ms, at: 1s, for: 1s }]
objectives: [{ measure: lost, max: 0 }]
`)
      expect(doubts.map((one) => one.code)).toContain('heal-unconfirmed')
      expect(verdict).toBe('inconclusive')
    } finally {
      delete process.env['FRESHET_TEST_WEDGE_TOXICS']
    }
  })
})
