import * as z from 'zod'
import { size } from '../lib/quantity.ts'
import { defineFault, poisoned } from './define.ts'

export const bandwidth = defineFault({
  kind: 'bandwidth',
  summary:
    'Limits each connection of a link, both ways; the limit is per connection, not per link.',
  options: z.strictObject({ perSecond: size.describe('Bytes per second and connection.') }),
  needs: ['link'],
  subject: 'link',
  inject({ perSecond }, { name, system }) {
    const attributes = { rate: Math.max(1, Math.round(perSecond / 1024)) }
    return poisoned(system.link(name), [
      { type: 'bandwidth', stream: 'upstream', attributes },
      { type: 'bandwidth', stream: 'downstream', attributes },
    ])
  },
})
