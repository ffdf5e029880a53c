import { readFileSync } from 'node:fs'

export interface NetworkBytes {
  readonly received: number
  readonly sent: number
}

/** What went over the network of that process, from the kernel's own counters: at once, which the engine's answer is not. Null when it has ended. */
export function networkBytesOf(pid: number): NetworkBytes | null {
  try {
    return parseNetDev(readFileSync(`/proc/${pid}/net/dev`, 'utf8'))
  } catch {
    return null
  }
}

/** All interfaces but the loopback, of a table as in proc(5). */
export function parseNetDev(text: string): NetworkBytes {
  const rows = [...text.matchAll(/^ *([^:\s]+):\s*(.*)$/gm)]
  const total = { received: 0, sent: 0 }
  for (const [, name, counters = ''] of rows) {
    if (name === 'lo') continue
    const numbers = counters.trim().split(/\s+/).map(Number)
    total.received += numbers[0] ?? 0
    total.sent += numbers[8] ?? 0
  }
  return total
}
