import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks'
import type { SelfReport } from '../run/record.ts'
import { readThrottling, throttledSince } from './throttling.ts'

/** Watches this process until asked: processor time, event-loop delay, garbage collection, throttling. */
export function watchSelf(): () => SelfReport {
  const startedAt = performance.now()
  const cpu = process.cpuUsage()
  const throttling = readThrottling()
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
      throttled: throttledSince(throttling, readThrottling()),
    }
  }
}
