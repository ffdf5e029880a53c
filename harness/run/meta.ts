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
import type { Meta } from './record.ts'

export function metaOf(from: {
  loaded: LoadedScenario
  plan: Plan
  target: Target
  runId: string
  startedAt: Date
  startMs: number
  runtime: string
}): Meta {
  const { loaded, plan, target, startMs } = from
  const at = (ms: number): number => startMs + ms
  const { warmup, baseline, faults, recovery, settle, end } = plan.phases
  return {
    version: 1,
    runId: from.runId,
    scenario: loaded.printable,
    scenarioFile: loaded.file,
    scenarioHash: loaded.hash,
    seed: loaded.scenario.load.seed,
    runtime: from.runtime,
    startedAt: from.startedAt.toISOString(),
    guarantee: target.guarantee,
    settings: target.settings,
    versions: target.versions,
    host: hostOf(),
    freshet: { version: packageVersion(), commit: commitOf() },
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
    probeIntervalMs: loaded.scenario.probe.interval,
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
