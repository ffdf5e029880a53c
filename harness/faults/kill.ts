import * as z from 'zod'
import { FreshetError } from '../lib/errors.ts'
import { defineFault } from './define.ts'

export const kill = defineFault({
  kind: 'kill',
  summary:
    'Ends a service with a signal; it is started again on the same addresses when the fault ends.',
  options: z.strictObject({
    signal: z
      .enum(['SIGKILL', 'SIGTERM', 'SIGINT'])
      .default('SIGKILL')
      .describe('SIGTERM lets it end in order.'),
  }),
  needs: ['kill'],
  subject: 'service',
  async inject({ signal }, { name, system }) {
    const service = await system.service(name)
    if (service.kill === undefined)
      throw new FreshetError('usage', `${service.name} cannot be killed in this runtime`)
    const heal = await service.kill(signal)
    const acted = !service.endedItself()
    const detail = acted
      ? `${service.name} was seen to end by ${signal}`
      : `${service.name} had ended by itself before it was sent ${signal}`
    return { heal, evidence: () => Promise.resolve({ acted, detail }) }
  },
})
