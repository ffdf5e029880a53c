import * as z from 'zod'
import { defineFault, silenced } from './define.ts'

export const cut = defineFault({
  kind: 'cut',
  summary: 'Closes a link: connections break at once and new ones are refused.',
  options: z.strictObject({}),
  needs: ['link'],
  subject: 'link',
  inject(_, { name, system }) {
    const link = system.link(name)
    return silenced(link, 'was closed', () => link.cut())
  },
})
