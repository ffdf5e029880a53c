import { expect, test } from 'vitest'
import { TORN_DOWN, type LogEntry } from '../run/log.ts'
import { notesOf } from './notes.ts'

const note = (text: string): LogEntry => ({ atMs: 1, type: 'note', text })

test('notes come in order, each once, with how often', () => {
  const log: LogEntry[] = [
    note('probe failed'),
    { atMs: 2, type: 'phase', phase: 'settle' },
    note('ended early'),
    note('probe failed'),
    note(TORN_DOWN),
  ]
  expect(notesOf(log)).toEqual(['probe failed (2 times)', 'ended early'])
})
