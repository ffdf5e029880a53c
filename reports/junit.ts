import type { Analysis, Summary, Verdict } from '../harness/analysis/summary.ts'
import { escapeText } from './html/markup.ts'
import { count, doubtText, guaranteeVerdict, objectiveBound, objectiveName } from './words.ts'

interface Case {
  readonly name: string
  readonly verdict: Verdict
  readonly sentence: string
}
const attribute = (text: string): string => escapeText(text.replaceAll(/\s+/g, ' '))

/** What must hold whatever the scenario asks for. */
function correctness({ accounting, guarantee, selfCheck }: Summary): readonly Case[] {
  const { audited, lost, late, unexpected, corrupt } = accounting
  const zero = (name: string, value: number): Case => ({
    name: `correctness: ${name}`,
    verdict: value > 0 ? 'fail' : audited ? 'pass' : 'inconclusive',
    sentence: value === 0 && !audited ? 'there was no audit' : `${count(value)} events ${name}`,
  })
  const broken = selfCheck.identities.filter(({ holds }) => !holds).map(({ text }) => text)
  return [
    {
      name: `correctness: guarantee ${guarantee.declared}`,
      verdict: guaranteeVerdict({ guarantee }).verdict,
      sentence: guarantee.sentence,
    },
    ...(late > 0 && lost === 0
      ? [
          {
            name: 'correctness: lost',
            verdict: 'inconclusive',
            sentence: `${count(late)} events had not landed and the drain was not complete`,
          } as const,
        ]
      : [zero('lost', lost)]),
    zero('unexpected', unexpected),
    zero('corrupt', corrupt),
    {
      name: 'correctness: accounting identities',
      verdict: broken.length === 0 ? 'pass' : 'fail',
      sentence: broken.join('; '),
    },
  ]
}

function testCase({ name, verdict, sentence }: Case, suite: string): string {
  const open = `    <testcase classname="${attribute(suite)}" name="${attribute(name)}"`
  if (verdict === 'pass') return `${open}/>`
  const kind =
    verdict === 'fail'
      ? { element: 'failure', type: 'objective' }
      : { element: 'error', type: 'inconclusive' }
  return `${open}>\n      <${kind.element} type="${kind.type}" message="${attribute(sentence)}"/>\n    </testcase>`
}

/** The verdict for a CI server: a suite per scenario, a case per objective and per rule of correctness. */
export function renderJunit({ summary }: Analysis): string {
  const asked = summary.objectives.map((one): Case => ({
    name: `${objectiveName(one)} ${objectiveBound(one)}`,
    verdict: one.verdict,
    sentence: one.sentence,
  }))
  const overall: Case = { name: 'verdict', verdict: summary.verdict, sentence: summary.sentence }
  const cases = [overall, ...asked, ...correctness(summary)]
  const tally = (verdict: Verdict): number => cases.filter((one) => one.verdict === verdict).length
  const numbers = `tests="${cases.length}" failures="${tally('fail')}" errors="${tally('inconclusive')}"`
  const first = summary.phases[0]?.startMs ?? 0
  const seconds = ((summary.phases.at(-1)?.endMs ?? first) - first) / 1000
  const suite = `name="${attribute(summary.scenario)}" ${numbers} time="${seconds.toFixed(3)}" timestamp="${attribute(summary.environment.startedAt)}"`
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites ${numbers}>
  <testsuite ${suite}>
${cases.map((one) => testCase(one, summary.scenario)).join('\n')}
    <system-out>${escapeText(summary.doubts.map(doubtText).join('\n'))}</system-out>
  </testsuite>
</testsuites>
`
}
