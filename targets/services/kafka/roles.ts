import { FreshetError } from '../../../harness/lib/errors.ts'
import type { Endpoint } from '../../../harness/runtime/runtime.ts'
import { askAny, askController, askLeader } from './ask.ts'

/** Names a fault's `on` may have: nodes, and roles that are resolved when the fault is injected. */
export function kafkaServiceNames(brokers: number, partitions: number): readonly string[] {
  const nodes = Array.from({ length: brokers }, (_, index) => `kafka.${index + 1}`)
  const leaders = Array.from({ length: partitions }, (_, partition) => `kafka.leader:${partition}`)
  return [...nodes, 'kafka.leader', 'kafka.controller', ...leaders]
}

/** The node behind a name: `kafka.2`; `kafka.leader` (of partition 0), `kafka.leader:P` and `kafka.controller` as of now. */
export async function resolveKafkaName(
  name: string,
  direct: readonly Endpoint[],
  topic: string,
): Promise<string> {
  if (name === 'kafka.controller') return `kafka.${await askAny(direct, askController)}`
  const partition = /^kafka\.leader(?::(\d+))?$/.exec(name)
  if (partition !== null) {
    return `kafka.${await askAny(direct, (at) => askLeader(at, topic, Number(partition[1] ?? 0)))}`
  }
  if (/^kafka\.\d+$/.test(name)) return name
  throw new FreshetError('usage', `no Kafka service is called ${name}`, {
    hint: 'kafka.1, kafka.leader, kafka.leader:2, kafka.controller',
  })
}
