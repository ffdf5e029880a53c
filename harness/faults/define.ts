import { formatCount } from '../lib/quantity.ts'
import type * as z from 'zod'
import type { Fault, Injected } from './fault.ts'
import type { Heal, Link, Toxic } from '../runtime/runtime.ts'

/** Keeps each fault's options typed in its own file and lets the registry hold them all. */
export function defineFault<Name extends string, Options extends z.ZodObject>(
  fault: Fault<Name, Options>,
): Fault<Name, Options> {
  return fault
}

/** Toxics on every proxy of a link, all of them or none. */
export async function poisonAll(link: Link, toxics: readonly Toxic[]): Promise<Heal> {
  const heals: Heal[] = []
  try {
    for (const toxic of toxics) heals.push(await link.poison(toxic))
  } catch (failure) {
    await Promise.allSettled(heals.map((heal) => heal()))
    throw failure
  }
  return async () => {
    for (const heal of heals) await heal()
  }
}

/** Closes a link in some way. Nothing passes while that is in force, so the proof is that the link was in use before. */
export async function silenced(
  link: Link,
  what: string,
  silence: () => Promise<Heal>,
): Promise<Injected> {
  const carried = (await link.traffic()).bytes
  const detail = `${formatCount(carried)} bytes had gone through ${link.name} before it ${what}`
  return {
    heal: await silence(),
    evidence: () => Promise.resolve({ acted: carried > 0, detail }),
  }
}

/** A toxic on every proxy of a link; it acted if bytes went through while it was in force. */
export async function poisoned(link: Link, toxics: readonly Toxic[]): Promise<Injected> {
  const heal = await poisonAll(link, toxics)
  const before = await link.traffic()
  return {
    heal,
    evidence: async () => {
      const bytes = (await link.traffic()).bytes - before.bytes
      return {
        acted: bytes > 0,
        detail: `${formatCount(bytes)} bytes went through ${link.name} while it was poisoned`,
      }
    },
  }
}

/** A fault of the load is in the schedule already: being in force is a matter of time alone. */
export function scheduled(detail: string): Injected {
  return { heal: () => Promise.resolve(), evidence: () => Promise.resolve({ acted: true, detail }) }
}
