import { describeExit } from './process-instance.ts'
import type { RuntimeDoubt, Service } from './runtime.ts'

/** A service that ended by itself puts the run in doubt. */
export function deathsOf(service: Service): readonly RuntimeDoubt[] {
  return service.unexpectedExits().map((exit) => ({
    code: 'client-died',
    detail: `${service.name} ended by itself (${describeExit(exit)})`,
  }))
}
