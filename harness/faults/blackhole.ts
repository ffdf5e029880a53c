import * as z from 'zod'
import { defineFault, poisonAll, silenced } from './define.ts'

const SWALLOW = { type: 'timeout', attributes: { timeout: 0 } } as const

export const blackhole = defineFault({
  kind: 'blackhole',
  summary: 'Swallows everything on a link while its connections stay open.',
  options: z.strictObject({}),
  needs: ['link'],
  subject: 'link',
  inject(_, { name, system }) {
    const link = system.link(name)
    const toxics = (['upstream', 'downstream'] as const).map((stream) => ({ ...SWALLOW, stream }))
    return silenced(link, 'went silent', () => poisonAll(link, toxics))
  },
})
