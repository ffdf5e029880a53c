import * as z from 'zod'
import { defineFault, scheduled } from './define.ts'

export const rate = defineFault({
  kind: 'rate',
  summary: 'Multiplies the offered rate for a while; part of the schedule.',
  options: z.strictObject({ factor: z.number().min(0).max(1000).describe('0 stops the load.') }),
  needs: [],
  subject: 'load',
  inject: ({ factor }) =>
    Promise.resolve(scheduled(`the schedule's rate is multiplied by ${factor}`)),
})
