import * as z from 'zod'
import { duration } from '../lib/quantity.ts'
import { defineFault, poisoned } from './define.ts'

export const reset = defineFault({
  kind: 'reset',
  summary:
    'Resets every connection of a link (TCP RST) soon after it carries data, for as long as it lasts.',
  options: z.strictObject({
    after: duration.prefault('0s').describe('Time a connection may carry data before its reset.'),
  }),
  needs: ['link'],
  subject: 'link',
  inject: ({ after }, { name, system }) =>
    poisoned(system.link(name), [
      { type: 'reset_peer', stream: 'downstream', attributes: { timeout: after } },
    ]),
})
