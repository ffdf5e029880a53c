import { logFirst } from './log-first/target.ts'
import { memory } from './memory/target.ts'

export const pipelines = [memory, logFirst] as const
