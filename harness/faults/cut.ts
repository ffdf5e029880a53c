import { formatCount } from '../lib/quantity.ts'
import * as z from 'zod'
import { defineFault } from './define.ts'

export const cut = defineFault({
  kind: 'cut',
  summary: 'Closes a link: connections break at once and new ones are refused.',
  options: z.strictObject({}),
  needs: ['link'],
  subject: 'link',
  async inject(_, { name, system }) {
    const link = system.link(name)
    const carried = (await link.traffic()).bytes
    const heal = await link.cut()
    return {
      heal,
      evidence: () =>
        Promise.resolve({
          acted: carried > 0,
          detail: `${formatCount(carried)} bytes had gone through ${link.name} before it was closed`,
        }),
    }
  },
})
