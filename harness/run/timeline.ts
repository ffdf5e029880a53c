import type { Clock } from '../lib/clock.ts'
import { messageOf } from '../lib/errors.ts'
import { within } from '../lib/until.ts'
import type { Fault, Injected, System } from '../faults/fault.ts'
import type { Plan } from '../scenario/plan.ts'
import type { LogEntry } from './log.ts'

type Step = Plan['faults'][number]
export interface TimelineEnv {
  readonly faults: readonly Fault[]
  readonly system: System
  readonly clock: Clock
  /** Run ms of the load's zero. */
  readonly startMs: number
  readonly signal: AbortSignal
  readonly log: (entry: LogEntry) => void
}
/** Limits for what a fault may take to come into force and to be undone, ms. */
const INJECT_LIMIT_MS = 30_000
const HEAL_LIMIT_MS = 90_000

/** Carries out every fault at its time, side by side. Resolves when all are healed or have failed: never rejects. */
export async function playFaults(steps: readonly Step[], env: TimelineEnv): Promise<void> {
  await Promise.all(steps.map((step) => play(step, env)))
}

async function play(step: Step, env: TimelineEnv): Promise<void> {
  const { clock, startMs, signal } = env
  const say = (
    edge: 'injecting' | 'in-force' | 'healing' | 'healed' | 'failed',
    detail?: string,
  ): void =>
    env.log({
      type: 'fault',
      atMs: clock.now(),
      id: step.id,
      edge,
      ...(detail === undefined ? {} : { detail }),
    })
  try {
    await clock.sleepUntil(startMs + step.injectAt, signal)
  } catch {
    return
  }
  say('injecting')
  let injected: Injected
  try {
    injected = await within(inject(step, env), INJECT_LIMIT_MS, `injecting ${step.id}`)
  } catch (failure) {
    say('failed', messageOf(failure))
    doubt(env, 'fault-not-in-force', `${step.id}: ${messageOf(failure)}`)
    return
  }
  say('in-force')
  await clock.sleepUntil(startMs + step.healAt, signal).catch(() => undefined)
  say('healing', await prove(step, injected, env))
  try {
    await within(injected.heal(), HEAL_LIMIT_MS, `healing ${step.id}`)
    say('healed')
  } catch (failure) {
    say('failed', messageOf(failure))
    doubt(env, 'heal-unconfirmed', `${step.id}: ${messageOf(failure)}`)
  }
}

function inject(step: Step, { faults, system }: TimelineEnv): Promise<Injected> {
  const fault = faults.find((one) => one.kind === step.fault)
  if (fault === undefined) throw new Error(`no fault ${step.fault}: the schema let it through`)
  const name = step.on?.replace(/^(service|link):/, '') ?? ''
  const options = Object.fromEntries(
    Object.keys(fault.options.shape).map((key) => [key, step[key]]),
  )
  // The scenario's schema has parsed the options already: they are of the fault's own type.
  return fault.inject(options, { name, system })
}

/** What shows that the fault acted; without it the run is in doubt. */
async function prove(step: Step, injected: Injected, env: TimelineEnv): Promise<string> {
  try {
    const { acted, detail } = await within(
      injected.evidence(),
      INJECT_LIMIT_MS,
      `the evidence for ${step.id}`,
    )
    if (!acted) doubt(env, 'fault-not-in-force', `${step.id}: ${detail}`)
    return detail
  } catch (failure) {
    const detail = `no evidence: ${messageOf(failure)}`
    doubt(env, 'fault-not-in-force', `${step.id}: ${detail}`)
    return detail
  }
}

function doubt(
  env: TimelineEnv,
  code: 'fault-not-in-force' | 'heal-unconfirmed',
  detail: string,
): void {
  env.log({ type: 'doubt', atMs: env.clock.now(), code, detail })
}
