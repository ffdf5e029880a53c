import { expect, it } from 'vitest'
import { logFirstOptions } from './options.ts'

it.each([
  ['a session shorter than the brokers allow', { groupSession: '3s' }],
  ['a heartbeat that one loss would make a lost session', { groupHeartbeat: '5s' }],
  ['a rebalance shorter than a session', { groupSession: '20s', groupRebalance: '10s' }],
  ['more partitions than the ledger can name', { partitions: 256 }],
  ['more copies than brokers', { brokers: 1, replication: 3 }],
  ['more in-sync copies than there are', { brokers: 1, minInsync: 2 }],
  ['a client that there is none of', { consumer: 'librdkafka' }],
])('refuses %s', (_, options) => {
  expect(logFirstOptions.safeParse(options).success).toBe(false)
})

it('takes its own defaults', () => {
  expect(logFirstOptions.parse({})).toMatchObject({ consumer: 'kafkajs', groupSession: 6000 })
})
