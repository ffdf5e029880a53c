import { describe, expect, test } from 'vitest'
import { diagnose, type EngineProbe } from './diagnose.ts'

const silent = {
  state: 'silent',
  socket: '/run/docker.sock',
  code: 'ENOENT',
  hasClient: true,
} as const
const answers = {
  state: 'answers',
  version: '28.2.2',
  rootless: false,
  canLimit: true,
  freeBytes: 50 * 1024 ** 3,
} as const

describe('what is wrong with the engine, and what to do', () => {
  test.each<[string, EngineProbe, RegExp, RegExp]>([
    ['missing', { ...silent, hasClient: false }, /not installed/, /apt install docker.io/],
    ['stopped', silent, /not running .*ENOENT/, /systemctl start/],
    [
      'stopped with its socket left',
      { ...silent, code: 'ECONNREFUSED' },
      /not running/,
      /start it/,
    ],
    ['not a Docker Engine', { ...silent, code: null }, /no sensible answer/, /start it/],
    ['forbidden', { ...silent, code: 'EACCES' }, /no permission/, /usermod -aG docker/],
    ['hanging', { ...silent, code: 'ETIMEDOUT' }, /does not answer/, /restart/],
    ['too old', { ...answers, version: '19.03.15' }, /19.03.15 is too old/, /20.10 or newer/],
    ['out of disk', { ...answers, freeBytes: 1024 ** 3 }, /1.0 GiB of disk left/, /system prune/],
    ['elsewhere', { state: 'remote', host: 'tcp://far:2375' }, /far:2375/, /unset DOCKER_HOST/],
  ])('%s', (_what, probe, detail, todo) => {
    const found = diagnose(probe)
    expect(found.state).toBe('missing')
    expect(found.detail).toMatch(detail)
    expect('todo' in found && found.todo).toMatch(todo)
  })

  test.each<[string, EngineProbe, string, boolean]>([
    ['good', answers, '28.2.2', true],
    ['just new enough', { ...answers, version: '20.10.24+dfsg1' }, '20.10.24+dfsg1', true],
    ['with a disk that we cannot see', { ...answers, freeBytes: null }, '28.2.2', true],
    [
      'rootless without limits',
      { ...answers, rootless: true, canLimit: false },
      '28.2.2, rootless, cannot limit CPU and memory',
      false,
    ],
  ])('nothing when it is %s', (_what, probe, detail, canLimit) => {
    expect(diagnose(probe)).toEqual({ state: 'ok', detail, canLimit })
  })
})
