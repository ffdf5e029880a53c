import { describe, expect, it } from 'vitest'
import { checkScenario } from './load.ts'
import { withoutSecrets, withSecrets } from './secrets.ts'

const ENVIRONMENT = { DELAY: '50ms', PAUSE: '4s' }
const scenario = (options: object, rest: object = {}): object => ({
  version: 1,
  name: 'secret',
  pipeline: { use: 'memory', with: options },
  load: { rate: '1k/s' },
  ...rest,
})

describe('${env:NAME}', () => {
  it('is put in where the pipeline reads it and left out where people read it', () => {
    const written = scenario({
      delay: '${env:DELAY}',
      jitter: '10ms',
      pauses: [
        { at: '1s', for: '2s' },
        { at: '8s', for: '${env:PAUSE}' },
      ],
    })
    const { input, places, problems } = withSecrets(written, ENVIRONMENT)
    const checked = checkScenario(input, written)
    expect(problems).toEqual([])
    if (!checked.ok) throw new Error('refused')
    expect(checked.scenario.pipeline.with).toMatchObject({
      delay: 50,
      jitter: 10,
      pauses: [{}, { for: 4000 }],
    })
    expect(withoutSecrets(checked.scenario, places).pipeline.with).toMatchObject({
      delay: '${env:DELAY}',
      jitter: 10,
      pauses: [
        { at: 1000, for: 2000 },
        { at: 8000, for: '${env:PAUSE}' },
      ],
    })
  })

  it.each([
    ['an unset variable', scenario({ delay: '${env:NOWHERE}' }), 'NOWHERE is not set'],
    ['a name that is none', scenario({ delay: '${env:A B}' }), 'expected ${env:NAME}'],
    ['an open bracket', scenario({ delay: '${env:DELAY' }), 'expected ${env:NAME}'],
    ['a place people read', scenario({}, { name: '${env:DELAY}' }), 'only values below'],
  ])('is refused with %s', (_what, written, expected) => {
    const { problems } = withSecrets(written, ENVIRONMENT)
    expect(problems).toEqual([
      expect.objectContaining({ message: expect.stringContaining(expected) as string }),
    ])
  })

  it('does not show in the message about a wrong value', () => {
    const written = scenario({ delay: '${env:PASSWORD}' })
    const { input } = withSecrets(written, { PASSWORD: 'hunter2' })
    const checked = checkScenario(input, written)
    expect(JSON.stringify(checked)).toContain('${env:PASSWORD}')
    expect(JSON.stringify(checked)).not.toContain('hunter2')
  })
})
