import { afterEach, expect, test, vi } from 'vitest'
import { containerAlias, linkAlias } from './alias.ts'
import { createOptions } from './create-options.ts'
import { DEFAULT_IMAGES, IMAGE_NAMES, imageOf } from './images.ts'
import { Meter } from './meter.ts'
import { ownerAlive, runLabels } from './labels.ts'
import { parseNetDev } from './network-bytes.ts'

afterEach(() => vi.unstubAllEnvs())

const place = {
  name: 'freshet-r1-sink',
  alias: 'sink',
  network: 'freshet-r1',
  labels: { 'freshet.run': 'r1' },
  image: 'x:1',
  memoryBytes: 8e9,
  files: ['/runs/r1/a:/etc/a'],
}

test('a container is on the run’s network alone, by its alias, and publishes on 127.0.0.1 alone', () => {
  const options = createOptions({ image: 'worker', mounts: ['/code'] }, [20_001, 20_002], place)
  expect(options.HostConfig?.NetworkMode).toBe('freshet-r1')
  expect(options.NetworkingConfig?.EndpointsConfig).toEqual({ 'freshet-r1': { Aliases: ['sink'] } })
  expect(options.HostConfig?.PortBindings).toEqual({
    '20001/tcp': [{ HostIp: '127.0.0.1', HostPort: '20001' }],
    '20002/tcp': [{ HostIp: '127.0.0.1', HostPort: '20002' }],
  })
  expect(options.HostConfig?.Binds).toEqual(['/runs/r1/a:/etc/a:ro', '/code:/code:ro'])
})

test.each([
  ['kafka.1', 'kafka-1'],
  ['sink', 'sink'],
  ['Connect/worker_2', 'connect-worker-2'],
])('%s is %s on the network', (name, alias) => {
  expect(containerAlias(name)).toBe(alias)
  expect(new URL(`http://${alias}:80`).hostname).toBe(alias)
  expect(linkAlias(name)).toBe(`link-${alias}`)
})

test('the environment names an image before the configuration, and that before the default', () => {
  expect(imageOf('kafka')).toBe(process.env['FRESHET_IMAGE_KAFKA'] ?? DEFAULT_IMAGES.kafka)
  vi.stubEnv('FRESHET_IMAGE_KAFKA', '')
  expect(imageOf('kafka')).toBe('apache/kafka:4.3.1')
  expect(imageOf('kafka', { kafka: 'ours:1' })).toBe('ours:1')
  vi.stubEnv('FRESHET_IMAGE_KAFKA', 'mine:2')
  expect(imageOf('kafka', { kafka: 'ours:1' })).toBe('mine:2')
})

test('every default image is pinned', () => {
  expect([...IMAGE_NAMES].sort()).toEqual(Object.keys(DEFAULT_IMAGES).sort())
  for (const image of Object.values(DEFAULT_IMAGES)) expect(image).toMatch(/:[\w.-]*\d[\w.-]*$/)
})

test('an owner is alive, and neither one with its pid of another start nor of another boot is', () => {
  const labels = runLabels('r1')
  expect(ownerAlive(labels)).toBe(true)
  expect(ownerAlive({ ...labels, 'freshet.owner-start': '1' })).toBe(false)
  expect(ownerAlive({ ...labels, 'freshet.owner-boot': 'other' })).toBe(false)
  expect(ownerAlive({})).toBe(false)
})

test('the bytes of a network are those of all interfaces but the loopback', () => {
  const text = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 999 9 0 0 0 0 0 0 999 9 0 0 0 0 0 0
  eth0:1234 5 0 0 0 0 0 0 567 8 0 0 0 0 0 0
  eth1: 1 1 0 0 0 0 0 0 2 1 0 0 0 0 0 0
`
  expect(parseNetDev(text)).toEqual({ received: 1235, sent: 569 })
})

test('the meter adds up lives and network interfaces, and loses and doubles nothing', () => {
  const meter = new Meter()
  meter.cpuAndMemory(2, 100)
  meter.network(1000, 10)
  meter.cpuAndMemory(1.5, 80)
  meter.network(30, 5) // connected again: a new interface
  meter.ended()
  meter.cpuAndMemory(1, 90)
  meter.network(7, 7)
  expect(meter.total()).toEqual({
    cpuSeconds: 3,
    peakBytes: 100,
    network: { receivedBytes: 1037, sentBytes: 22 },
  })
})
