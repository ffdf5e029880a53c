import * as z from 'zod'
import { share } from '../lib/quantity.ts'
import { defineFault, scheduled } from './define.ts'

export const hotKey = defineFault({
  kind: 'hot-key',
  summary:
    'Sends a share of the events to one key; part of the schedule, so every run offers the same events.',
  options: z.strictObject({ share: share.describe('Of all events, to key 0.') }),
  needs: [],
  subject: 'load',
  inject: ({ share: asked }) =>
    Promise.resolve(scheduled(`key 0 gets ${(asked * 100).toFixed(0)} % of the schedule`)),
})
