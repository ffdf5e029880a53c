import type { Usage } from '../runtime.ts'

/** Adds up what counters say that start at zero again with every life: none of it is counted twice, or lost once read. */
export class Meter {
  #earlier = { cpuSeconds: 0, received: 0, sent: 0 }
  #now = { cpuSeconds: 0, received: 0, sent: 0 }
  #peakBytes = 0

  cpuAndMemory(cpuSeconds: number, peakBytes: number): void {
    // A child that nobody waited for takes its CPU time with it.
    this.#now.cpuSeconds = Math.max(this.#now.cpuSeconds, cpuSeconds)
    this.#peakBytes = Math.max(this.#peakBytes, peakBytes)
  }

  network(received: number, sent: number): void {
    // A new network interface counts from zero.
    if (received < this.#now.received || sent < this.#now.sent) {
      this.#earlier.received += this.#now.received
      this.#earlier.sent += this.#now.sent
    }
    this.#now.received = received
    this.#now.sent = sent
  }

  ended(): void {
    this.#earlier.cpuSeconds += this.#now.cpuSeconds
    this.#earlier.received += this.#now.received
    this.#earlier.sent += this.#now.sent
    this.#now = { cpuSeconds: 0, received: 0, sent: 0 }
  }

  total(): Usage {
    return {
      cpuSeconds: this.#earlier.cpuSeconds + this.#now.cpuSeconds,
      peakBytes: this.#peakBytes,
      network: {
        receivedBytes: this.#earlier.received + this.#now.received,
        sentBytes: this.#earlier.sent + this.#now.sent,
      },
    }
  }
}
