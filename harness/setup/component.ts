import type { Hands } from './hands.ts'

/** What a look at a component found. */
export type Verification =
  { readonly ok: true; readonly detail: string } | { readonly ok: false; readonly problem: string }

/** Something that a run needs and that `freshet setup` brings to this machine. */
export interface Component {
  readonly name: string
  readonly version: string
  /** Looks at what is there, every byte of it; changes nothing and needs no network. */
  installed(): Promise<Verification>
  /** Brings it and verifies it; throws a FreshetError `environment` that says what is missing. */
  install(hands: Hands): Promise<void>
}
