import type { Command } from 'commander'
import { program } from '../../harness/cli.ts'
import { page, sentence, table } from './markdown.ts'

/** Every command with its arguments and flags. */
export function commandsPage(): string {
  return page(
    'Commands',
    'Words for people go to stderr, data to stdout. Exit codes: [exit-codes.md](exit-codes.md).',
    ...program.commands.map(section),
  )
}

function section(command: Command): string {
  const shown = command.createHelp()
  const args = shown
    .visibleArguments(command)
    .map((one) => [`\`${one.name()}\``, shown.argumentDescription(one)])
  const flags = shown
    .visibleOptions(command)
    .map((one) => [`\`${one.flags}\``, shown.optionDescription(one)])
  return [
    `## freshet ${command.name()}`,
    sentence(command.description()),
    `\`\`\`text\nfreshet ${command.name()} ${command.usage()}\n\`\`\``,
    table(['Argument', 'Meaning'], args),
    table(['Flag', 'Meaning'], flags),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}
