import { expect, test } from 'vitest'
import { Overlap } from './overlap.ts'

function recorder(): {
  overlap: Overlap
  seen: string[]
  enter: () => Promise<() => Promise<void>>
} {
  const overlap = new Overlap()
  const seen: string[] = []
  const say = (what: string) => () => Promise.resolve(void seen.push(what))
  return { overlap, seen, enter: () => overlap.enter(say('in force'), say('undone')) }
}

test('the last of several heals ends what they share, each counted once', async () => {
  const { seen, enter } = recorder()
  const [first, second] = [await enter(), await enter()]
  await first()
  await first()
  expect(seen).toEqual(['in force', 'in force'])
  await second()
  expect(seen).toEqual(['in force', 'in force', 'undone'])
})

test('what failed is undone, fails with its own reason, and does not keep later ones in force', async () => {
  const { overlap, seen, enter } = recorder()
  const fail = (what: string) => () => Promise.reject(new Error(what))
  await expect(overlap.enter(fail('no'), fail('nor back'))).rejects.toThrow('no')
  await expect(overlap.enter(fail('never'), () => Promise.resolve())).rejects.toThrow('never')
  const heal = await enter()
  await heal()
  expect(seen).toEqual(['in force', 'undone'])
})

test('an undo that failed can be tried again', async () => {
  let works = false
  const undo = (): Promise<void> =>
    works ? Promise.resolve() : Promise.reject(new Error('not yet'))
  const heal = await new Overlap().enter(() => Promise.resolve(), undo)
  await expect(heal()).rejects.toThrow('not yet')
  works = true
  await heal()
})
