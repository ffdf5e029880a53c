import * as z from 'zod'
import { defineFault } from './define.ts'

export const noop = defineFault({
  kind: 'noop',
  summary:
    'Changes nothing: the neutral element, for control runs and as the shortest example of a fault.',
  options: z.strictObject({}),
  needs: [],
  subject: 'none',
  inject: () =>
    Promise.resolve({
      heal: () => Promise.resolve(),
      evidence: () => Promise.resolve({ acted: true, detail: 'nothing was asked of it' }),
    }),
})
