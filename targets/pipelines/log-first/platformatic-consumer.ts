import { Consumer, MessagesStreamFallbackModes, MessagesStreamModes } from '@platformatic/kafka'
import { messageOf } from '../../../harness/lib/errors.ts'
import { within } from '../../../harness/lib/until.ts'
import { CONSUMER_TIMES } from './consumer-config.ts'
import type { ConsumerConfig } from './consumer-config.ts'
import { Intake } from './platformatic-intake.ts'
import { aborted } from './session.ts'
import type { Consume, Session } from './session.ts'

/**
 * Each time the group is joined a new stream starts from the committed offsets. The library would go on with the old
 * stream and move its positions while fetches are under way; what these bring could then be skipped or come twice.
 */
export const consumeWithPlatformatic: Consume = async (session) => {
  const consumer = makeConsumer(session.config)
  let intake: Intake | undefined
  let over = false
  try {
    return await Promise.race([
      aborted(session.signal),
      new Promise<string>((resolve) => {
        const fail = (failure: unknown): void => resolve(messageOf(failure))
        const reopen = async (): Promise<void> => {
          intake?.close()
          const stream = await open(consumer, session)
          intake = new Intake({ consumer, session, fail, stream })
          if (over) intake.close()
        }
        watch(consumer, session, fail)
        reopen()
          .then(() => consumer.on('consumer:group:join', () => void (over || reopen().catch(fail))))
          .catch(fail)
      }),
    ])
  } finally {
    over = true
    intake?.close()
    await within(close(consumer), 5000, 'closing the consumer').catch(() => undefined)
  }
}

const close = (consumer: Consumer): Promise<void> =>
  new Promise((resolve, reject) =>
    consumer.close(true, (failure) => (failure === null ? resolve() : reject(failure))),
  )

const open = (consumer: Consumer, { config }: Session): ReturnType<Consumer['consume']> =>
  consumer.consume({
    topics: [config.topic],
    mode: MessagesStreamModes.COMMITTED,
    fallbackMode: MessagesStreamFallbackModes.EARLIEST,
    autocommit: false,
    maxWaitTime: CONSUMER_TIMES.maxWaitMs,
    maxBytes: 32 * 1024 * 1024,
    maxBytesPerPartition: 4 * 1024 * 1024,
  })

function watch(consumer: Consumer, session: Session, fail: (failure: unknown) => void): void {
  const { status } = session
  consumer.on('error', fail)
  consumer.on('consumer:group:join', ({ assignments }) => {
    status.alive()
    status.set({ joined: true })
    status.log('joined', { assignment: assignments?.flatMap(({ partitions }) => partitions) ?? [] })
  })
  consumer.on('consumer:group:rebalance', () => status.log('rebalancing'))
  consumer.on('consumer:heartbeat:end', () => status.alive())
  // It keeps asking the coordinator that it found first; only a new client looks for the next one.
  consumer.on('consumer:heartbeat:error', ({ error }) => fail(error))
}

function makeConsumer(config: ConsumerConfig): Consumer {
  return new Consumer({
    clientId: config.name,
    groupId: config.group,
    bootstrapBrokers: [...config.brokers],
    sessionTimeout: config.sessionMs,
    heartbeatInterval: config.heartbeatMs,
    rebalanceTimeout: config.rebalanceMs,
    connectTimeout: 1000,
    requestTimeout: 10_000,
    retries: 3,
    retryDelay: 500,
  })
}
