import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { capture, run, say } from './run.mjs'

const PACKAGES = ['docker.io', 'debootstrap', 'iptables']
const LOG = '/var/log/dockerd-freshet.log'
const START_LIMIT_MS = 60_000
const STOP_LIMIT_MS = 30_000
const OUR_SOCKET = 'unix:///var/run/docker.sock'

/**
 * A Docker Engine: the one that runs already, or Debian's, installed and started here when we are root.
 * `stop` ends what was started here and nothing else. `reason` says why there is none.
 */
export async function dockerEngine() {
  if (await answers()) return { state: 'running', stop: async () => undefined }
  if (process.env.DOCKER_HOST) return absent(`nothing answers at DOCKER_HOST`)
  if (process.getuid?.() !== 0) return absent('no Docker Engine answers, and we are not root')
  if (!existsSync('/usr/sbin/dockerd') && !(await install()))
    return absent('no Docker Engine answers, and Debian packages cannot be installed here')
  return start()
}

function absent(reason) {
  return { state: 'absent', reason, stop: async () => undefined }
}

async function answers() {
  const { code } = await capture(['docker', 'version', '--format', '{{.Server.Version}}'])
  return code === 0
}

async function install() {
  if (!existsSync('/etc/debian_version')) return false
  say(`docker: apt-get install ${PACKAGES.join(' ')}`)
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  const options = { env, stdout: 'stderr' }
  const apt = (...args) => run(['apt-get', '-q', '-o', 'DPkg::Lock::Timeout=120', ...args], options)
  const wanted = ['install', '-y', '--no-install-recommends', ...PACKAGES]
  if ((await apt(...wanted)) === 0) return true
  return (await apt('update')) === 0 && (await apt(...wanted)) === 0
}

async function start() {
  say('docker: starting dockerd')
  const log = await open(LOG, 'w')
  // A session of its own: it must still be there to be cleaned up with when a terminal sends Ctrl-C.
  const daemon = spawn('dockerd', ['--host', OUR_SOCKET, '--log-level', 'warn'], {
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  })
  const ended = new Promise((resolve) => daemon.once('exit', resolve).once('error', resolve))
  const stop = async () => {
    say('docker: stopping dockerd')
    daemon.kill('SIGTERM')
    await Promise.race([ended, sleep(STOP_LIMIT_MS, undefined, { ref: false })])
  }
  for (const limit = Date.now() + START_LIMIT_MS; Date.now() < limit;) {
    if (await answers()) {
      await log.close()
      return { state: 'started', stop }
    }
    if (daemon.exitCode !== null) break
    await sleep(250)
  }
  if (daemon.exitCode === null) await stop()
  const said = (await readFile(LOG, 'utf8')).trim().split('\n').at(-1)
  return absent(`dockerd did not start: ${said}`)
}
