import * as z from 'zod'
import { duration } from '../lib/quantity.ts'
import { defineFault, poisoned } from './define.ts'

export const latency = defineFault({
  kind: 'latency',
  summary: 'Delays what comes back through a link, per chunk.',
  options: z.strictObject({
    delay: duration.describe('Added to every chunk.'),
    jitter: duration.prefault('0s').describe('The delay varies by so much, either way.'),
  }),
  needs: ['link'],
  subject: 'link',
  inject: ({ delay, jitter }, { name, system }) =>
    poisoned(system.link(name), [
      { type: 'latency', stream: 'downstream', attributes: { latency: delay, jitter } },
    ]),
})
