import { FreshetError, messageOf } from '../../lib/errors.ts'

/** The engine's own words for what a user can put right; first match counts. */
const CAUSES: readonly (readonly [RegExp, (match: RegExpExecArray) => [string, string]])[] = [
  [
    /Bind for [\d.]+:(\d+) failed: port is already allocated|[\d.]+:(\d+)(?::\S+)?: (?:bind: )?address already in use/,
    ([, held, bound]) => [
      `port ${held ?? bound} is taken`,
      'end what listens there (ss -tlnp shows it), then run again',
    ],
  ],
  [
    /no space left on device/i,
    () => [
      'the Docker Engine is out of disk',
      'free some, with `docker system prune` for instance',
    ],
  ],
  [
    /exec: "([^"]+)": .*not found|stat ([^ ]+): no such file or directory: unknown/,
    ([, name, path]) => [
      `its image has no program ${name ?? path}`,
      'the image must have the entry point of the default one',
    ],
  ],
  [
    /all predefined address pools have been fully subnetted/,
    () => [
      'the Docker Engine has no network left to give',
      'remove unused ones with `docker network prune`',
    ],
  ],
  [
    /ECONNREFUSED|ENOENT|socket hang up|ECONNRESET/,
    () => ['the Docker Engine stopped answering', 'look at its log: journalctl -u docker'],
  ],
]

/** "What failed, on what", with a hint where the engine's answer is one that a person can act on. */
export function explain(what: string, failure: unknown): FreshetError {
  if (failure instanceof FreshetError) return failure
  const said = messageOf(failure)
  for (const [pattern, words] of CAUSES) {
    const match = pattern.exec(said)
    if (match === null) continue
    const [detail, hint] = words(match)
    return new FreshetError('environment', `${what}: ${detail}`, { hint, cause: failure })
  }
  return new FreshetError('harness', `${what}: ${said}`, { cause: failure })
}
