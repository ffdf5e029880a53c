import { burst } from './burst.ts'
import { constant } from './constant.ts'
import { ramp } from './ramp.ts'
import { step } from './step.ts'

export const loads = [constant, ramp, step, burst] as const
