import { once } from '../once.ts'
import type { Heal } from '../runtime.ts'

/** Faults of one kind on one subject that overlap in time: the last heal ends them all. */
export class Overlap {
  #inForce = 0

  /** Counts one in and carries it out; what came only half into force is undone. */
  async enter(work: () => Promise<void>, undo: () => Promise<void>): Promise<Heal> {
    this.#inForce += 1
    const heal = once(async () => {
      if (this.#inForce <= 1) await undo()
      this.#inForce -= 1
    })
    try {
      await work()
    } catch (failure) {
      // Nobody else has this heal to try again.
      await heal().catch(() => (this.#inForce -= 1))
      throw failure
    }
    return heal
  }
}
