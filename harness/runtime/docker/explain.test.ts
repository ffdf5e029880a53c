import { expect, test } from 'vitest'
import { FreshetError } from '../../lib/errors.ts'
import { explain } from './explain.ts'

// In the engine's own words, 20.10 and 28.
test.each([
  [
    'a port that a container has',
    'driver failed programming external connectivity on endpoint x: Bind for 127.0.0.1:20555 failed: port is already allocated',
    'sink: port 20555 is taken',
  ],
  [
    'a port that a process has',
    'Error starting userland proxy: listen tcp4 127.0.0.1:20555: bind: address already in use',
    'sink: port 20555 is taken',
  ],
  [
    'a port that a newer engine finds taken',
    'failed to bind host port for 127.0.0.1:20555:172.18.0.2:20555/tcp: address already in use',
    'sink: port 20555 is taken',
  ],
  [
    'a full disk',
    'mkdir /var/lib/docker/overlay2/x: no space left on device',
    'sink: the Docker Engine is out of disk',
  ],
  [
    'a program that is not there',
    'OCI runtime create failed: exec: "java": executable file not found in $PATH: unknown',
    'sink: its image has no program java',
  ],
  [
    'no address pool left',
    'could not find an available, non-overlapping IPv4 address pool among the defaults: all predefined address pools have been fully subnetted',
    'sink: the Docker Engine has no network left to give',
  ],
  [
    'an engine that went away',
    'connect ENOENT /var/run/docker.sock',
    'sink: the Docker Engine stopped answering',
  ],
])('%s is the environment, with a hint', (_what, said, message) => {
  const found = explain('sink', new Error(said))
  expect(found).toMatchObject({ code: 'environment', message })
  expect(found.hint).toBeTruthy()
})

test('what nobody can act on is told as it is', () => {
  expect(explain('sink', new Error('odd'))).toMatchObject({ code: 'harness', message: 'sink: odd' })
})

test('what is explained already stays', () => {
  const known = new FreshetError('timeout', 'waited')
  expect(explain('sink', known)).toBe(known)
})
