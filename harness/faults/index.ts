import { bandwidth } from './bandwidth.ts'
import { blackhole } from './blackhole.ts'
import { cut } from './cut.ts'
import { hotKey } from './hot-key.ts'
import { kill } from './kill.ts'
import { latency } from './latency.ts'
import { noop } from './noop.ts'
import { pause } from './pause.ts'
import { rate } from './rate.ts'
import { reset } from './reset.ts'

export const faults = [
  kill,
  pause,
  latency,
  bandwidth,
  cut,
  blackhole,
  reset,
  hotKey,
  rate,
  noop,
] as const
