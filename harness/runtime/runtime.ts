import type { ImageName } from './docker/images.ts'

export type Capability = 'link' | 'pause' | 'kill' | 'limit' | 'disconnect'
export interface Endpoint {
  readonly host: string
  readonly port: number
}
/** Undo one thing. Idempotent; resolves only when the undo is confirmed; safe if the subject died. */
export type Heal = () => Promise<void>

/** The most that a service may use. What is left out stays as it is. */
export interface Limits {
  /** 0.5 is half of one core. */
  readonly cpus?: number
  readonly memoryBytes?: number
}
export interface Usage {
  readonly cpuSeconds: number
  readonly peakBytes: number
  /** What went over its own network; absent where it has none of its own. */
  readonly network?: { readonly receivedBytes: number; readonly sentBytes: number }
}

/** Something a fault can stop: a process group of its own, or a container. */
export interface Service extends AsyncDisposable {
  readonly name: string
  /** Freezes it (SIGSTOP); resolves once it is observed stopped. */
  pause?(): Promise<Heal>
  /**
   * Sends the signal and resolves once the process is gone; the heal starts it again on the same ports and waits until it is ready.
   * Where the signal does not end it in time, it is ended, started again, and the call rejects. One that is down already
   * gets no signal: `endedItself` tells why it is down.
   */
  kill?(signal: NodeJS.Signals): Promise<Heal>
  /** It is down, and nobody ended it: not even a kill that is in force. */
  endedItself(): boolean
  /** Holds it to less; resolves once it is held; the heal gives back what it had. */
  limit?(limits: Limits): Promise<Heal>
  /** Takes it off the run's network; the heal connects it again under the same name. */
  disconnect?(): Promise<Heal>
  /** Times it ended without being asked to, with what it ended with. */
  unexpectedExits(): readonly { readonly code: number | null; readonly signal: string | null }[]
  /** CPU seconds and peak memory of its processes so far; null when it is not running, or out of our sight. */
  usage(): Promise<Usage | null>
}
/** How a service starts as a container. Its files and what it writes stay over a kill and a start, and go at the end. */
export interface ContainerSpec {
  readonly image: ImageName
  /** Replaces the image's own command; argv, never a shell. */
  readonly command?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Files that it finds at its start: absolute path in the container to text. */
  readonly files?: Readonly<Record<string, string>>
  /** Absolute paths of the host that it may read under the same names: our own program. */
  readonly mounts?: readonly string[]
}
export interface ServiceSpec {
  readonly name: string
  /** As a process: argv, never a shell. */
  readonly command: readonly [string, ...string[]]
  readonly env?: Readonly<Record<string, string>>
  /** As a container; a service without it cannot run in one. */
  readonly container?: ContainerSpec
  /** TCP ports that it listens on. The harness reaches each on 127.0.0.1 under the same number, in every runtime. */
  readonly ports?: readonly number[]
  /** Polled until true; a throw means "not yet". Undefined: ready as soon as it runs. */
  readonly ready?: () => Promise<boolean>
  /** Limit for `ready`, ms. */
  readonly readyTimeoutMs: number
  /** Limit for its end after a signal, ms; 10 s when it is not given. */
  readonly exitTimeoutMs?: number
}
export interface Toxic {
  readonly type: 'latency' | 'bandwidth' | 'timeout' | 'reset_peer' | 'slow_close' | 'limit_data'
  readonly stream: 'upstream' | 'downstream'
  readonly attributes: Readonly<Record<string, number>>
}
/** What went through a link since it was made. */
export interface Traffic {
  readonly bytes: number
}
/** A named network hop that passes through Toxiproxy. One link may hold several proxies (one per broker): a fault acts on all. */
export interface Link extends AsyncDisposable {
  readonly name: string
  /** The addresses that its clients dial, one per upstream, in the upstreams' order. The harness reaches the same ports on 127.0.0.1. */
  readonly listen: readonly Endpoint[]
  /** Resolves once every proxy lists the toxic; the heal once none does. */
  poison(toxic: Toxic): Promise<Heal>
  /** Closes the listeners and every connection; the heal opens them again. */
  cut(): Promise<Heal>
  traffic(): Promise<Traffic>
}
export interface LinkSpec {
  readonly name: string
  /** As services dial them: `hostOf` of addresses.ts. */
  readonly upstreams: readonly Endpoint[]
  /** Ports to listen on, one per upstream; from `freePorts`. */
  readonly listenPorts: readonly number[]
  /** Who dials it; the run's services unless told. */
  readonly clients?: 'services' | 'harness'
}
export interface RuntimeDoubt {
  readonly code: 'heal-unconfirmed' | 'client-died'
  readonly detail: string
}
export interface Runtime extends AsyncDisposable {
  readonly kind: 'process' | 'docker' | 'external'
  readonly capabilities: ReadonlySet<Capability>
  /** The run's folder, for the services' settings and logs. */
  readonly directory: string
  /** Below it: what the services store. Removed with the runtime, unless the run was told to keep it. */
  readonly dataDirectory: string
  /** Ports that are free now, outside the ephemeral range, and not given out twice by this runtime. */
  freePorts(count: number): Promise<readonly number[]>
  start(spec: ServiceSpec, signal: AbortSignal): Promise<Service>
  link(spec: LinkSpec, signal: AbortSignal): Promise<Link>
  /** Things that went wrong under way and put the run in doubt: a proxy that had to be made anew, a service that ended by itself. */
  doubts(): readonly RuntimeDoubt[]
}
