import * as z from 'zod'
import type { Segment } from './schedule.ts'

/** A load shape: options to stretches of rate over `durationMs`. */
export interface Load {
  readonly kind: string
  readonly summary: string
  /** Carries `shape: <kind>`. */
  readonly options: z.ZodObject
  segments(options: never, durationMs: number): Segment[]
}
/** Ties the options' type to the function, so that each shape is type-checked in its own file. */
export function defineLoad<Name extends string, Shape extends z.ZodRawShape>(load: {
  kind: Name
  summary: string
  options: Shape
  segments(options: z.output<z.ZodObject<Shape>>, durationMs: number): Segment[]
}): Load {
  return { ...load, options: z.strictObject({ shape: z.literal(load.kind), ...load.options }) }
}
