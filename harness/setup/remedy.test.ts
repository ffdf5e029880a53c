import { describe, expect, it } from 'vitest'
import type { Offer } from './apt.ts'
import { remedyFor, type Remedy, type Situation } from './remedy.ts'
import { GO, JAVA, MAVEN, SS, type Tool, type ToolState } from './tools.ts'

const MISSING: ToolState = { state: 'missing' }
const old = (version: string, program: string): ToolState => ({ state: 'old', version, program })
const offer = (name: string, version: string | null): Offer => ({ name, version })
const BOOKWORM_GO = [offer('golang-go', '2:1.19~1'), offer('golang-1.22-go', null)]
const WITH_BACKPORTS = [offer('golang-go', '2:1.19~1'), offer('golang-1.22-go', '1.22.4-1~bpo12+1')]
const install = (name: string): Remedy => ({ do: 'apt', name })
const tell = (...parts: string[]): { tell: string[] } => ({ tell: parts })

const CASES: [string, Tool, Situation, Remedy | { tell: string[] }][] = [
  [
    'leaves a good one alone',
    JAVA,
    { state: { state: 'ok', version: '21', program: 'java' }, access: 'root', offers: [] },
    { do: 'nothing' },
  ],
  [
    'installs a missing one as root',
    MAVEN,
    { state: MISSING, access: 'root', offers: [offer('maven', '3.8.7-1')] },
    install('maven'),
  ],
  [
    'installs iproute2 for ss',
    SS,
    { state: MISSING, access: 'root', offers: [offer('iproute2', '6.1.0-3')] },
    install('iproute2'),
  ],
  [
    'takes the next package where a release lacks the first',
    JAVA,
    {
      state: MISSING,
      access: 'root',
      offers: [
        offer('openjdk-17-jre-headless', null),
        offer('openjdk-21-jre-headless', '21.0.7+6'),
      ],
    },
    install('openjdk-21-jre-headless'),
  ],
  [
    'puts a newer one beside an old one',
    JAVA,
    {
      state: old('11.0.2', 'java'),
      access: 'root',
      offers: [offer('openjdk-17-jre-headless', '17.0.15+6-1~deb12u1')],
    },
    install('openjdk-17-jre-headless'),
  ],
  [
    'leaves it to others to be root',
    MAVEN,
    { state: MISSING, access: 'user', offers: [offer('maven', '3.8.7-1')] },
    tell('maven is missing', 'Maven 3.6 or newer', 'sudo apt install maven'),
  ],
  [
    'does not install the Go of Debian 12, which is too old',
    GO,
    { state: MISSING, access: 'root', offers: BOOKWORM_GO },
    tell('go is missing', 'Go 1.21 or newer', 'only golang-go 1.19', 'bookworm-backports'),
  ],
  [
    'names the Go that is there and too old',
    GO,
    { state: old('1.19.8', 'go'), access: 'user', offers: BOOKWORM_GO },
    tell('go 1.19.8 is too old', 'https://go.dev/dl'),
  ],
  [
    'takes Go from backports where they are switched on',
    GO,
    { state: old('1.19.8', 'go'), access: 'root', offers: WITH_BACKPORTS },
    install('golang-1.22-go'),
  ],
  [
    'names the program that is too old, be it from JAVA_HOME',
    JAVA,
    { state: old('11.0.2', '/opt/jdk-11/bin/java'), access: 'none', offers: [] },
    tell('java 11.0.2 is too old (/opt/jdk-11/bin/java)', 'a JDK 17 or newer', 'brew'),
  ],
]

describe('what to do about a tool', () => {
  it.each(CASES)('%s', (_what, tool, situation, expected) => {
    const remedy = remedyFor(tool, situation)
    if (!('tell' in expected)) return expect(remedy).toEqual(expected)
    const text = remedy.do === 'tell' ? `${remedy.problem} - ${remedy.hint}` : remedy.do
    for (const part of expected.tell) expect(text).toContain(part)
    expect(text).not.toContain('\n')
  })
})
