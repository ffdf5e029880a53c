import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks'
import type { LoadReport } from '../run/record.ts'

export type SelfReport = Omit<LoadReport, 'errors' | 'retries' | 'mismatchedAcks'>

/** Watches this process until asked: processor time, event-loop delay, garbage collection. */
export function watchSelf(): () => SelfReport {
  const startedAt = performance.now()
  const cpu = process.cpuUsage()
  const loop = monitorEventLoopDelay({ resolution: 10 })
  loop.enable()
  const gc = { total: 0, max: 0 }
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      gc.total += entry.duration
      gc.max = Math.max(gc.max, entry.duration)
    }
  })
  observer.observe({ entryTypes: ['gc'] })
  return () => {
    observer.disconnect()
    loop.disable()
    const used = process.cpuUsage(cpu)
    // The histogram counts the timer's own 10 ms: what is above it is delay.
    const ms = (ns: number): number => Math.round((ns / 1e6 - 10) * 100) / 100
    return {
      cpuSeconds: (used.user + used.system) / 1e6,
      wallSeconds: (performance.now() - startedAt) / 1000,
      eventLoopDelayMs: {
        p50: ms(loop.percentile(50)),
        p99: ms(loop.percentile(99)),
        max: ms(loop.max),
      },
      gcPauseMs: gc,
    }
  }
}
