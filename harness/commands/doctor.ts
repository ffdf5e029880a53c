import pc from 'picocolors'
import { examine } from '../setup/examine.ts'
import type { Finding } from '../setup/examine.ts'

const ENVIRONMENT = 3
const MARKS = { ok: pc.green('ok'), optional: pc.yellow('--'), missing: pc.red('no') } as const

/** Says whether this machine can run scenarios, and if not what to do: exit code 0 or 3. */
export async function doctorCommand(options: { json: boolean }): Promise<number> {
  const findings = await examine()
  const ready = findings.every((finding) => finding.state !== 'missing')
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ ready, findings }, null, 2)}\n`
      : `${findings.map(line).join('\n')}\n\n${ready ? 'ready to run' : 'not ready to run'}\n`,
  )
  return ready ? 0 : ENVIRONMENT
}

function line(finding: Finding): string {
  const todo = finding.todo === null ? '' : pc.dim(`  -> ${finding.todo}`)
  return `${MARKS[finding.state]}  ${finding.name.padEnd(18)}${finding.detail}${todo}`
}
