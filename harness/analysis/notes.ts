import { TORN_DOWN, type LogEntry } from '../run/log.ts'

/** What the harness noted under way, in order; what it noted again and again once, with how often. */
export function notesOf(log: readonly LogEntry[]): readonly string[] {
  const times = new Map<string, number>()
  for (const entry of log)
    if (entry.type === 'note' && entry.text !== TORN_DOWN)
      times.set(entry.text, (times.get(entry.text) ?? 0) + 1)
  return [...times].map(([text, count]) => (count === 1 ? text : `${text} (${count} times)`))
}
