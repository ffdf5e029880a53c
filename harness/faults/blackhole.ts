import { formatCount } from '../lib/quantity.ts'
import * as z from 'zod'
import { defineFault } from './define.ts'

export const blackhole = defineFault({
  kind: 'blackhole',
  summary: 'Swallows everything on a link while its connections stay open.',
  options: z.strictObject({}),
  needs: ['link'],
  subject: 'link',
  async inject(_, { name, system }) {
    const link = system.link(name)
    const carried = (await link.traffic()).bytes
    const up = await link.poison({
      type: 'timeout',
      stream: 'upstream',
      attributes: { timeout: 0 },
    })
    try {
      const down = await link.poison({
        type: 'timeout',
        stream: 'downstream',
        attributes: { timeout: 0 },
      })
      return {
        heal: async () => {
          await down()
          await up()
        },
        // Nothing passes while it is in force, so the proof is that the link was in use before.
        evidence: () =>
          Promise.resolve({
            acted: carried > 0,
            detail: `${formatCount(carried)} bytes had gone through ${link.name} before it went silent`,
          }),
      }
    } catch (failure) {
      await up()
      throw failure
    }
  },
})
