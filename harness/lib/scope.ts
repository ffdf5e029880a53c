/** A stack of undos. Node 20 has no AsyncDisposableStack. */
export class Scope implements AsyncDisposable {
  readonly #undo: (() => Promise<void>)[] = []

  defer(undo: () => Promise<void>): void {
    this.#undo.push(undo)
  }

  /** Takes over a resource and gives it back, so that starting and owning stand on one line. */
  use<T extends AsyncDisposable>(resource: T): T {
    this.defer(() => Promise.resolve(resource[Symbol.asyncDispose]()))
    return resource
  }

  /** Last in, first out; every step runs even when an earlier one failed. */
  async [Symbol.asyncDispose](): Promise<void> {
    const failures: unknown[] = []
    for (let undo = this.#undo.pop(); undo !== undefined; undo = this.#undo.pop()) {
      try {
        await undo()
      } catch (failure) {
        failures.push(failure)
      }
    }
    if (failures.length > 0)
      throw new AggregateError(failures, `${failures.length} clean-up step(s) failed`)
  }
}
