import * as z from 'zod'
import { FreshetError } from '../../../harness/lib/errors.ts'
import { count, duration } from '../../../harness/lib/quantity.ts'
import type { Target, TargetKind } from '../../target.ts'
import { MemoryStore } from './store.ts'
import { listen } from './server.ts'

const options = z.strictObject({
  delay: duration.default(0).describe('Time from arrival to visibility.'),
  jitter: duration.default(0).describe('Up to this much more delay, by a hash of the event.'),
  lose: count.default(0).describe('Exactly so many events never become visible.'),
  duplicate: count.default(0).describe('Exactly so many events are stored twice.'),
  reorder: count
    .default(0)
    .describe('Exactly so many events are held back behind their successors.'),
  corrupt: count.default(0).describe('Exactly so many events fail their checksum.'),
  pauses: z
    .array(z.strictObject({ at: duration, for: duration }))
    .max(100)
    .default([])
    .describe('Nothing becomes visible from `at` (after the first event) for so long.'),
})
export type MemoryOptions = z.output<typeof options>

/** The calibration weight: a pipeline whose every fault is known beforehand. */
export const memory: TargetKind<'memory', typeof options> = {
  kind: 'memory',
  summary:
    'A pipeline in memory with dial-in delay, jitter, pauses, loss, duplication, reordering and corruption.',
  options,
  guarantee: () => 'at-least-once',
  services: () => [],
  links: () => [],
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
