import { cp, mkdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '../steps/run.mjs'

export const PREFIX = 'freshet-local/'
const HERE = join(ROOT, 'ci/images')
const CACHE = process.env.FRESHET_CACHE ?? join(homedir(), '.cache/freshet')
const KAFKA_LIBS = join(CACHE, 'kafka-4.3.1/libs')
const TOXIPROXY = join(CACHE, 'toxiproxy-2.12.0/toxiproxy-server')
const CHDB = ['chdb', '@chdb', '@clickhouse/client-common', 'node-gyp-build', 'node-addon-api']
const FRONT = ['dist/targets/services/clickhouse', 'dist/harness/lib']

/** Each image: what it is made from, what it stands on, and how; in the order in which they must be built. */
export const IMAGES = [
  {
    name: 'base',
    version: 'bookworm',
    inputs: [],
    async make({ folder, tag, label, run }) {
      const root = join(folder, 'root')
      const code = await run(['debootstrap', '--variant=minbase', 'bookworm', root])
      if (code !== 0) return code
      const settings = `ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`
      const archive = join(folder, 'root.tar')
      const packed = await run(['tar', '-C', root, '-cf', archive, '.'])
      if (packed !== 0) return packed
      return run(['docker', 'import', '-c', settings, '-c', `LABEL ${label}`, archive, tag])
    },
  },
  {
    name: 'kafka',
    version: '4.3.1',
    from: 'base',
    inputs: [join(HERE, 'kafka'), KAFKA_LIBS],
    make: (job) => dockerfile('kafka', [[KAFKA_LIBS, 'libs']], job),
  },
  {
    name: 'toxiproxy',
    version: '2.12.0',
    inputs: [join(HERE, 'toxiproxy'), TOXIPROXY],
    make: (job) => dockerfile('toxiproxy', [[TOXIPROXY, 'toxiproxy']], job),
  },
  {
    name: 'worker',
    version: `node${process.versions.node.split('.')[0]}`,
    from: 'base',
    inputs: [join(HERE, 'worker'), process.execPath],
    make: (job) => dockerfile('worker', [[process.execPath, 'node']], job),
  },
  {
    name: 'sink',
    version: '26.7',
    from: 'worker',
    needsDist: true,
    inputs: [HERE + '/sink', ...FRONT.map(inRoot), inRoot('node_modules/chdb/package.json')],
    make: (job) =>
      dockerfile(
        'sink',
        [
          ...FRONT.map((path) => [inRoot(path), path]),
          ...CHDB.map((name) => [inRoot(`node_modules/${name}`), `node_modules/${name}`]),
        ],
        job,
      ),
  },
]

function inRoot(path) {
  return join(ROOT, path)
}

/** Builds the Dockerfile of a folder of ours with more files beside it. */
async function dockerfile(name, files, { folder, tag, label, run }) {
  await cp(join(HERE, name), folder, { recursive: true })
  for (const [from, to] of files) {
    await mkdir(join(folder, to, '..'), { recursive: true })
    await cp(from, join(folder, to), { recursive: true, dereference: true })
  }
  // The build's own network has no way out where an engine runs without systemd.
  return run(['docker', 'build', '-q', '--network', 'host', '--label', label, '-t', tag, folder])
}
