import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import * as z from 'zod'
import type { Target } from '../../targets/target.ts'
import { readLimits } from '../probes/limits.ts'
import { scheduleOf } from '../load/schedule.ts'
import type { LoadedScenario } from '../scenario/load.ts'
import type { Plan } from '../scenario/plan.ts'
import { packageRoot } from '../setup/paths.ts'
import type { Meta, Started } from './record.ts'

export function startedOf(loaded: LoadedScenario, runId: string, startedAt: Date): Started {
  return {
    version: 1,
    runId,
    scenario: loaded.printable,
    scenarioFile: loaded.file,
    scenarioHash: loaded.hash,
    seed: loaded.scenario.load.seed,
    startedAt: startedAt.toISOString(),
    host: hostOf(),
    freshet: { version: packageVersion(), commit: commitOf() },
  }
}

export function metaOf(from: {
  started: Started
  plan: Plan
  target: Target
  startMs: number
  runtime: string
}): Meta {
  const { started, plan, target, startMs } = from
  const at = (ms: number): number => startMs + ms
  const { warmup, baseline, faults, recovery, settle, end } = plan.phases
  return {
    ...started,
    runtime: from.runtime,
    guarantee: target.guarantee,
    settings: target.settings,
    versions: target.versions,
    events: scheduleOf(plan.load.segments).count,
    lanes: plan.load.lanes,
    peakEps: plan.peakEps,
    plannedMs: {
      warmup: at(warmup),
      baseline: at(baseline),
      faults: at(faults),
      recovery: at(recovery),
      settle: at(settle),
      end: at(end),
    },
    probeIntervalMs: started.scenario.probe.interval,
  }
}

function hostOf(): Meta['host'] {
  return {
    platform: `${process.platform}-${process.arch}`,
    cores: cpus().length,
    cpu: cpus()[0]?.model ?? 'unknown',
    memoryBytes: totalmem(),
    limits: readLimits(),
    node: process.version,
    kernel: release(),
  }
}

export function packageVersion(): string {
  const text: unknown = JSON.parse(readFileSync(`${packageRoot()}/package.json`, 'utf8'))
  return z.object({ version: z.string() }).parse(text).version
}

/** The checkout's commit; null in an installed package. */
function commitOf(): string | null {
  try {
    return execFileSync('git', ['-C', packageRoot(), 'rev-parse', '--short', 'HEAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 5000,
    }).trim()
  } catch {
    return null
  }
}
