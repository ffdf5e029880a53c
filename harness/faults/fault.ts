import type * as z from 'zod'
import type { Kind } from '../kind.ts'
import type { Capability, Heal, Link, Service } from '../runtime/runtime.ts'

/** What a fault may touch, by name: the declared blast radius and nothing else. */
export interface System {
  /** Resolves roles at the moment of the call: `kafka.leader` is whoever leads now. */
  service(name: string): Promise<Service>
  link(name: string): Link
}
/** A fault in force: its undo, and what shows that it acted. */
export interface Injected {
  readonly heal: Heal
  /** Asked just before the heal. `acted: false` puts the run in doubt (fault-not-in-force). */
  evidence(): Promise<{ readonly acted: boolean; readonly detail: string }>
}
export interface Fault<
  Name extends string = string,
  Options extends z.ZodObject = z.ZodObject,
> extends Kind<Name, Options> {
  readonly needs: readonly Capability[]
  /** What `on` must name; `load` faults change the schedule and have no `on`. */
  readonly subject: 'service' | 'link' | 'load' | 'none'
  /** Resolves when the fault is in force (observed). If it throws it has undone its own part. */
  inject(options: z.output<Options>, on: { name: string; system: System }): Promise<Injected>
}
