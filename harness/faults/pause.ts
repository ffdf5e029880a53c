import * as z from 'zod'
import { FreshetError } from '../lib/errors.ts'
import { defineFault } from './define.ts'

export const pause = defineFault({
  kind: 'pause',
  summary: 'Freezes a service (SIGSTOP): its connections stay open and nothing answers.',
  options: z.strictObject({}),
  needs: ['pause'],
  subject: 'service',
  async inject(_, { name, system }) {
    const service = await system.service(name)
    if (service.pause === undefined)
      throw new FreshetError('usage', `${service.name} cannot be paused in this runtime`)
    const heal = await service.pause()
    return {
      heal,
      evidence: () => Promise.resolve({ acted: true, detail: `${service.name} was seen stopped` }),
    }
  },
})
