import { FreshetError } from '../../../harness/lib/errors.ts'
import type { Target, TargetKind } from '../../target.ts'
import { memoryOptions } from './options.ts'
import { optionProblems } from './problems.ts'
import { MemoryStore } from './store.ts'
import { listen } from './server.ts'

/** The calibration weight: a pipeline whose every fault is known beforehand. */
export const memory: TargetKind<'memory', typeof memoryOptions> = {
  kind: 'memory',
  summary:
    'A pipeline in memory with dial-in delay, jitter, pauses, loss, duplication, reordering and corruption.',
  options: memoryOptions,
  guarantee: () => 'at-least-once',
  services: () => [],
  links: () => [],
  problems: optionProblems,
  async start(asked, { clock }): Promise<Target> {
    const store = new MemoryStore(asked, clock)
    const server = await listen(store)
    return {
      guarantee: 'at-least-once',
      system: {
        service: (name) =>
          Promise.reject(new FreshetError('usage', `the memory pipeline has no service ${name}`)),
        link: (name) => {
          throw new FreshetError('usage', `the memory pipeline has no link ${name}`)
        },
      },
      source: { kind: 'memory', port: server.port },
      sink: {
        landed: () => Promise.resolve(store.landed()),
        audit: () => Promise.resolve(store.audit()),
        [Symbol.asyncDispose]: () => Promise.resolve(),
      },
      settings: {},
      versions: {},
      gauges: () => Promise.resolve({ 'lag.0': store.pending }),
      [Symbol.asyncDispose]: () => server.close(),
    }
  },
}
