import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FreshetError } from '../lib/errors.ts'
import { loadScenario } from './load.ts'

let folder = ''
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'freshet-scenario-'))))
afterAll(() => rm(folder, { recursive: true }))

const GOOD = `version: 1
name: good
pipeline: { use: log-first }
load: { rate: 1k/s }
faults:
  - { id: a, fault: kill, on: "service:kafka.leader", at: 1s, for: 2s }
objectives:
  - { measure: catch-up, after: a, max: 5s }
`

async function refusal(text: string): Promise<string> {
  const file = join(folder, 'case.yaml')
  await writeFile(file, text)
  const failure: unknown = await loadScenario(file).then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(failure instanceof FreshetError))
    throw new Error(`accepted, or failed in another way: ${String(failure)}`)
  expect(failure.code).toBe('usage')
  return failure.message.replaceAll(file, 'F')
}

describe('loadScenario', () => {
  it('accepts a right one', async () => {
    const file = join(folder, 'good.yaml')
    await writeFile(file, GOOD)
    const { scenario } = await loadScenario(file, ['load.rate=5k/s'])
    expect(scenario.load.rate).toBe(5000)
    expect(scenario.faults[0]).toMatchObject({ id: 'a', at: 1000, for: 2000, signal: 'SIGKILL' })
  })

  it('accepts a hundred million events, in any number of bursts', async () => {
    const file = join(folder, 'many.yaml')
    const phases = 'phases: { warmup: 1s, baseline: 10s, faults: 30s, recovery: 9s, settle: 10s }'
    await writeFile(file, `${GOOD.replace('1k/s', '2M/s')}${phases}\n`)
    expect((await loadScenario(file)).scenario.load.rate).toBe(2_000_000)
    const bursts = '{ shape: burst, base: 10/s, factor: 2, every: 100ms, for: 50ms }'
    await writeFile(file, GOOD.replace('1k/s', bursts) + phases.replace('9s', '5h'))
    expect((await loadScenario(file)).scenario.load.rate).toMatchObject({ shape: 'burst' })
  })

  it.each([
    ['a bad unit', GOOD.replace('1k/s', '1k/h'), /F:4:15: load\.rate: .*rate such as/],
    [
      'an unknown key',
      GOOD.replace('at: 1s', 'att: 1s'),
      /F:6:55: faults\.0\.att: unknown key: did you mean at/,
    ],
    [
      'an unknown service',
      GOOD.replace('kafka.leader', 'kafka.leadr'),
      /F:6:31: .*did you mean service:kafka\.leader/,
    ],
    ['an unknown fault', GOOD.replace('kill', 'kil'), /F:6:21: .*did you mean kill/],
    ['an impossible time', GOOD.replace('for: 2s', 'for: 2h'), /F:6:\d+: .*lasts 30\.0 s/],
    ['an alias bomb', `${GOOD}x: [&a [1], *a, *a]\n`, /F:9:\d+: aliases .* not supported/],
    [
      'a merge key',
      GOOD.replace('load: { rate', 'load: { <<: { seed: 1 }, rate'),
      /F:4:9: merge keys/,
    ],
    ['a file of 2 MB', GOOD + '#'.repeat(2_000_000), /F:1:1: \d+ bytes; a scenario has at most/],
    [
      'a wrong type',
      GOOD.replace('name: good', 'name: [1]'),
      /F:2:7: name: expected text, not a list/,
    ],
    ['an unknown measure', GOOD.replace('catch-up', 'catchup'), /F:8:16: .*did you mean catch-up/],
    ['a YAML syntax error', GOOD.replace('{ rate: 1k/s }', '{ rate: 1k/s'), /F:\d+:\d+: /],
    [
      'a fault id that is not there',
      GOOD.replace('after: a', 'after: b'),
      /F:8:33: .*unknown fault id "b"/,
    ],
    [
      'a ramp of too many events',
      GOOD.replace('1k/s', '{ shape: ramp, from: 0/s, to: 10M/s }'),
      /F:4:15: .*more than 100 million events/,
    ],
    [
      'a fault that makes them too many',
      GOOD.replace('fault: kill, on: "service:kafka.leader"', 'fault: rate, factor: 1000').replace(
        '1k/s',
        '100k/s',
      ),
      /F:4:15: .*more than 100 million events/,
    ],
    [
      'an unknown pipeline',
      GOOD.replace('log-first', 'log-frist'),
      /F:3:18: .*did you mean log-first/,
    ],
  ])('refuses %s at its place', async (_, text, expected) => {
    expect(await refusal(text)).toMatch(expected)
  })
})
