import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { defineScenario, type ScenarioInput } from './define.ts'
import { canonicalJson, loadScenario } from './load.ts'

const TWIN: ScenarioInput = {
  name: 'twin',
  version: 1,
  load: { rate: '2k/s', payload: { size: '1KiB' } },
  pipeline: { use: 'log-first', with: { partitions: 4, brokers: 1, delivery: 'deduplicated' } },
  faults: [{ for: '3s', at: '1s', id: 'slow', fault: 'latency', on: 'link:sink', delay: '400ms' }],
  objectives: [{ measure: 'catch-up', after: 'slow', max: '10s' }],
}
const YAML = `version: 1
name: twin
pipeline:
  use: log-first
  with: { brokers: 1, partitions: 4, delivery: deduplicated }
load:
  rate: 2k/s
  payload: { size: 1024B }
faults:
  - { id: slow, fault: latency, on: "link:sink", delay: 0.4s, at: 1000ms, for: 3s }
objectives:
  - { measure: catch-up, after: slow, max: 10s }
`

describe('a scenario in TypeScript', () => {
  it('gives the same canonical JSON and hash as its twin in YAML', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'freshet-twin-'))
    const load = async (name: string, text: string): Promise<string[]> => {
      await writeFile(join(folder, name), text)
      const { scenario, hash } = await loadScenario(join(folder, name))
      return [canonicalJson(scenario), hash]
    }
    try {
      const twin = await load('twin.json', JSON.stringify(defineScenario(TWIN)))
      expect(twin).toEqual(await load('twin.yaml', YAML))
      expect(twin).not.toEqual(await load('other.yaml', YAML.replace('2k/s', '3k/s')))
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('is what its author wrote, not what became of it', () => {
    expect(defineScenario(TWIN)).toBe(TWIN)
  })

  it('names every mistake', () => {
    const wrong: ScenarioInput = { ...TWIN, load: { rate: '2k/h' }, repeat: 0 }
    expect(() => defineScenario(wrong)).toThrow(
      /load\.rate: "2k\/h" is not a rate.*\nrepeat: 0 is too little: at least 1/,
    )
  })
})
