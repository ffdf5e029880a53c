import { expect, it } from 'vitest'
import { splicePosition } from './splice.ts'

it('appends the position and leaves every other byte as it was', () => {
  const row = splicePosition(Buffer.from('{ "body":"é}" }'), 3, 42n)
  expect(row?.toString()).toBe('{ "body":"é}" ,"part":3,"off":42}\n')
})

it.each(['', 'hello', '[1]', '{"a":1', '"}"'])(
  'is undefined for %j, which is no object',
  (text) => {
    expect(splicePosition(Buffer.from(text), 0, '0')).toBeUndefined()
  },
)

it('is undefined for a message without a value', () => {
  expect(splicePosition(null, 0, '0')).toBeUndefined()
})
