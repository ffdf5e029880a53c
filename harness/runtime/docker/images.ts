import { FreshetError } from '../../lib/errors.ts'

/** The public images that containers start from: pinned, and the one place that names them. */
export const DEFAULT_IMAGES = {
  kafka: 'apache/kafka:4.3.1',
  clickhouse: 'clickhouse/clickhouse-server:26.3.17.4',
  toxiproxy: 'ghcr.io/shopify/toxiproxy:2.12.0',
  worker: 'node:20-bookworm-slim',
} as const
export type ImageName = keyof typeof DEFAULT_IMAGES
export const IMAGE_NAMES = [
  'kafka',
  'clickhouse',
  'toxiproxy',
  'worker',
] as const satisfies readonly ImageName[]
export type ImageOverrides = Readonly<Partial<Record<ImageName, string>>>

/** The environment variable that names another image for this one. */
export function imageVariable(name: ImageName): string {
  return `FRESHET_IMAGE_${name.toUpperCase()}`
}

/** The environment wins over the project's configuration, and that over the defaults. */
export function imageOf(name: ImageName, configured: ImageOverrides = {}): string {
  const override = process.env[imageVariable(name)]
  return override === undefined || override === ''
    ? (configured[name] ?? DEFAULT_IMAGES[name])
    : override
}

export function imageMissing(name: ImageName, image: string, cause?: unknown): FreshetError {
  return new FreshetError('environment', `the image ${image} is not here and cannot be pulled`, {
    hint: `pull it with \`docker pull ${image}\`, or name another one with ${imageVariable(name)}`,
    cause,
  })
}
