import { expect, it } from 'vitest'
import { endAll } from './end-all.ts'

const service = (end: () => Promise<void>): AsyncDisposable => ({ [Symbol.asyncDispose]: end })

it('does not wait for one to end another', async () => {
  let end = (): void => undefined
  const second = service(() => Promise.resolve(end()))
  const first = service(() => new Promise((resolve) => (end = resolve)))
  await endAll([first, second])
})

it('ends the others when one does not end, and says so', async () => {
  let ended = 0
  const fine = service(() => Promise.resolve(void ended++))
  const stuck = service(() => Promise.reject(new Error('still there')))
  await expect(endAll([fine, stuck, fine])).rejects.toThrow('1 of 3 did not end')
  expect(ended).toBe(2)
})
