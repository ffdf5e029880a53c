import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Batcher } from './batcher.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const rows = (...texts: string[]): Buffer[] => texts.map((text) => Buffer.from(text))

/** Inserts that end when they are told to. */
function manual(batchRows = 100): {
  batcher: Batcher
  bodies: string[]
  finish: () => void
  dropped: () => boolean
} {
  const bodies: string[] = []
  let finish = (): void => undefined
  let dropped = (): boolean => false
  const batcher = new Batcher({
    batchRows,
    lingerMs: 1,
    insert: (body, _rows, isDropped) => {
      bodies.push(body.toString())
      dropped = isDropped
      return new Promise((resolve) => (finish = resolve))
    },
  })
  return { batcher, bodies, finish: () => finish(), dropped: () => dropped() }
}
const turn = (): Promise<unknown> => vi.advanceTimersByTimeAsync(10)
const settled = (work: Promise<void>): Promise<boolean> =>
  Promise.race([work.then(() => true), turn().then(() => false)])

it('joins what waits into one insert, in order, and says done only after it', async () => {
  const { batcher, bodies, finish } = manual()
  const first = batcher.add(rows('a', 'b'))
  const second = batcher.add(rows('c'))
  expect(await settled(first.done)).toBe(false)
  expect(bodies).toEqual(['abc'])
  finish()
  expect(await settled(second.done)).toBe(true)
})

it('keeps one insert under way, so that done comes in the order of the rows', async () => {
  const { batcher, bodies, finish } = manual(2)
  const waits = [rows('a', 'b'), rows('c', 'd')].map((each) => batcher.add(each))
  await turn()
  expect(bodies).toEqual(['ab'])
  finish()
  await turn()
  expect(bodies).toEqual(['ab', 'cd'])
  expect(await Promise.all(waits.map(({ done }) => settled(done)))).toEqual([true, false])
})

it('leaves out what was dropped before its insert, and never says that it was done', async () => {
  const { batcher, bodies, finish } = manual()
  const gone = batcher.add(rows('a'))
  const kept = batcher.add(rows('b'))
  gone.drop()
  await turn()
  finish()
  expect(bodies).toEqual(['b'])
  expect(await settled(kept.done)).toBe(true)
  expect(await settled(gone.done)).toBe(false)
})

it('tells an insert under way when nobody waits for its rows any more', async () => {
  const { batcher, dropped } = manual()
  const waits = [batcher.add(rows('a')), batcher.add(rows('b'))]
  await turn()
  waits[0]?.drop()
  expect(dropped()).toBe(false)
  waits[1]?.drop()
  expect(dropped()).toBe(true)
})

it('has nothing to insert for messages of which none was a row, and is done with them', async () => {
  const { batcher, bodies } = manual()
  expect(await settled(batcher.add([]).done)).toBe(true)
  expect(bodies).toEqual([])
})
