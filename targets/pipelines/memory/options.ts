import * as z from 'zod'
import { count, duration } from '../../../harness/lib/quantity.ts'

const exactly = count.refine(Number.isInteger, 'not a whole number').default(0)

export const memoryOptions = z.strictObject({
  seed: z.int().min(0).default(1).describe('Which events the counts below hit, and the jitter.'),
  delay: duration.default(0).describe('Time from arrival to visibility.'),
  jitter: duration
    .default(0)
    .describe('Up to this much more delay, by a hash of the event; order within a lane stays.'),
  lose: exactly.describe('Exactly so many events never become visible.'),
  duplicate: exactly.describe('Exactly so many events are stored twice.'),
  reorder: exactly.describe(
    'Exactly so many events skip the delay and so overtake their predecessors; not during a pause.',
  ),
  corrupt: exactly.describe('Exactly so many events fail their checksum.'),
  pauses: z
    .array(z.strictObject({ at: duration, for: duration }))
    .max(100)
    .default([])
    .describe(
      'Nothing becomes visible from `at`, counted from the start of the load (its warm-up), for so long.',
    ),
})
export type MemoryOptions = z.output<typeof memoryOptions>
