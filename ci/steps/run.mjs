import { execFile, spawn } from 'node:child_process'
import { constants } from 'node:os'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

export function say(line) {
  process.stderr.write(`${line}\n`)
}

/**
 * Runs a program in the repository and resolves with its exit code; what it prints goes to people.
 * Signals are the program's business: it may have faults to heal, so we wait until it has ended.
 */
export function run([file, ...args], { env = {}, stdout = 'inherit' } = {}) {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd: ROOT,
      stdio: ['inherit', stdout === 'stderr' ? 2 : 'inherit', 'inherit'],
      env: { ...process.env, ...env },
    })
    const pass = () => child.kill('SIGTERM')
    // A terminal sends Ctrl-C to the child too; a second one from us would cut its clean-up short.
    const wait = () => undefined
    process.on('SIGTERM', pass).on('SIGINT', wait)
    const done = (code) => {
      process.off('SIGTERM', pass).off('SIGINT', wait)
      resolve(code)
    }
    child.once('error', (error) => {
      say(`${file}: ${error.message}`)
      done(127)
    })
    child.once('close', (code, signal) => done(code ?? 128 + constants.signals[signal]))
  })
}

/** Runs a program and resolves with its exit code and what it printed; 127 when there is no such program. */
export function capture([file, ...args], { timeoutMs = 60_000 } = {}) {
  return new Promise((resolve) => {
    execFile(file, args, { cwd: ROOT, timeout: timeoutMs }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : exitCodeOf(error), stdout, stderr }),
    )
  })
}

function exitCodeOf(error) {
  return typeof error.code === 'number' ? error.code : error.code === 'ENOENT' ? 127 : 1
}

/** A tool that npm has installed, without the detour over npx. */
export function tool(path) {
  return [process.execPath, `${ROOT}/node_modules/${path}`]
}
