import type * as z from 'zod'

/** What every plug-in is: a name, a sentence, a schema. */
export interface Kind<Name extends string, Options extends z.ZodObject> {
  readonly kind: Name
  /** One sentence; becomes the generated reference page and the `list` command's output. */
  readonly summary: string
  /** The one source: TypeScript type, validation, defaults and JSON Schema all come from it. */
  readonly options: Options
}
