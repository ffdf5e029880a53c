import { kafkaServiceNames } from '../../services/kafka/roles.ts'
import type { Target, TargetEnv, TargetKind } from '../../target.ts'
import { logFirstOptions } from './options.ts'
import type { LogFirstOptions } from './options.ts'
import { startLogFirst } from './start.ts'

/** Producers to Kafka to our own consumer to ClickHouse. */
export const logFirst: TargetKind<'log-first', typeof logFirstOptions> = {
  kind: 'log-first',
  summary:
    'Producers write to a Kafka cluster; a consumer inserts batches into ClickHouse and then commits.',
  options: logFirstOptions,
  guarantee: ({ delivery }) => delivery,
  services: ({ brokers, partitions, consumers }) => [
    ...kafkaServiceNames(brokers, partitions),
    'consumer',
    ...Array.from({ length: consumers }, (_, index) => `consumer.${index + 1}`),
    'sink',
  ],
  links: () => ['producers', 'pipeline', 'sink'],
  start: (options: LogFirstOptions, env: TargetEnv): Promise<Target> => startLogFirst(options, env),
}
