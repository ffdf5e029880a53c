import type { DoubtCode } from '../../harness/run/log.ts'

/** What each doubt says about a run. The rules with their constants: docs/measurement.md. */
export const DOUBTS: Readonly<Record<DoubtCode, string>> = {
  'load-shortfall': 'The generator did not send what the schedule asked for.',
  'unsteady-baseline':
    'The pipeline was not steady before the first fault: there is nothing to compare with.',
  'fault-not-in-force':
    'A fault was never seen to act, so the run does not show what it asks about.',
  'heal-unconfirmed': 'A fault was not seen to end, so a recovery time would have no beginning.',
  'probe-gap': 'The sink was not watched for a while, or rows landed that no probe saw.',
  'harness-saturated': 'The harness itself was late: it measured its own delay.',
  'clocks-apart': 'The clocks of the machines differ by more than the measurement allows.',
  'drain-incomplete': 'Acknowledged events were still missing when the run stopped waiting.',
  'nothing-measured': 'No event was acknowledged, or none landed.',
  interrupted: 'The run did not reach its end.',
  'client-died': 'A service of the pipeline ended without being asked to.',
}
