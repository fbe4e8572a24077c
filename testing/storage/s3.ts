import { execFile, execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import type { S3Settings } from '../../subgraphs/storage/objects/s3-connection.ts'
import { eventually } from '../eventually.ts'
import { freePorts } from '../free-ports.ts'

/** A real S3 server for tests. Each call of `newBucket` returns an empty bucket. */
export type TestS3 = { newBucket(): Promise<S3Settings>; stop(): Promise<void> }

const PROGRAMS = ['ceph', 'ceph-authtool', 'ceph-mon', 'ceph-osd', 'monmaptool', 'radosgw', 'radosgw-admin']
const run = promisify(execFile)

/**
 * Why there is no S3 server to test against; null if there is one. The server is at TEST_S3_ENDPOINT, an address with
 * `<access key>:<secret>@` in it, or it is Ceph's from the Debian packages ceph-mon, ceph-osd and radosgw.
 */
export function whyNoS3(): string | null {
  if (process.env.TEST_S3_ENDPOINT) return null
  const missing = PROGRAMS.filter((program) => {
    try {
      execFileSync('which', [program], { stdio: 'ignore' })
      return false
    } catch {
      return true
    }
  })
  if (missing.length === 0) return null
  return `The S3 tests are skipped: ${missing.join(', ')} are missing. Set TEST_S3_ENDPOINT, or run apt-get install ceph-mon ceph-osd radosgw.`
}

/** Starts the server, or uses the existing one. */
export async function startTestS3(): Promise<TestS3> {
  const endpoint = process.env.TEST_S3_ENDPOINT
  const server = endpoint ? outside(new URL(endpoint)) : await startCeph()
  return {
    stop: server.stop,
    async newBucket() {
      const { endpoint, accessKeyId, secretAccessKey } = server
      const bucket = `moblog-${randomUUID()}`
      const region = 'default'
      const client = new S3Client({
        endpoint,
        region,
        forcePathStyle: true,
        credentials: { accessKeyId, secretAccessKey },
      })
      await client.send(new CreateBucketCommand({ Bucket: bucket }))
      client.destroy()
      const keys = { accessKeyId, secretAccessKey }
      return { ...keys, endpoint, bucket, region, budget: 1024 ** 4, isRedirecting: false }
    },
  }
}

/** The environment variables that describe a bucket to the storage service. */
export function s3Environment(settings: S3Settings): Record<string, string> {
  return {
    STORAGE_S3_ENDPOINT: settings.endpoint,
    STORAGE_S3_BUCKET: settings.bucket,
    STORAGE_S3_REGION: settings.region,
    STORAGE_S3_ACCESS_KEY_ID: settings.accessKeyId,
    STORAGE_S3_SECRET_ACCESS_KEY: settings.secretAccessKey,
    STORAGE_S3_BUDGET: `${settings.budget}`,
    STORAGE_S3_REDIRECT: `${settings.isRedirecting}`,
  }
}

type Server = { endpoint: string; accessKeyId: string; secretAccessKey: string; stop(): Promise<void> }

function outside(url: URL): Server {
  const { origin, username, password } = url
  return { endpoint: origin, accessKeyId: username, secretAccessKey: password, stop: async () => {} }
}

/**
 * Starts one Ceph node with objects in memory and cephx enabled: a monitor, a store and a gateway. Takes about 15 s.
 */
async function startCeph(): Promise<Server> {
  const folder = await mkdtemp(path.join(tmpdir(), 'moblog-ceph-'))
  const [monitor = 0, gateway = 0] = await freePorts(2)
  const conf = path.join(folder, 'ceph.conf')
  const keyring = path.join(folder, 'keyring')
  const [fsid, osd] = [randomUUID(), randomUUID()]
  for (const name of ['mon', 'osd', 'mgr']) await mkdir(path.join(folder, name))
  await writeFile(conf, configuration({ folder, fsid, monitor, gateway }))
  const ceph = (program: string, ...args: string[]) =>
    run(program, ['-c', conf, ...args], { cwd: folder, timeout: 60_000 })

  const caps = {
    'mon.': ['mon', 'allow *'],
    'client.admin': ['mon', 'allow *', 'osd', 'allow *', 'mgr', 'allow *'],
    'osd.0': ['mon', 'allow profile osd', 'osd', 'allow *', 'mgr', 'allow profile osd'],
    'client.rgw': ['mon', 'allow rw', 'osd', 'allow rwx', 'mgr', 'allow rw'],
  }
  const pairs = (list: string[]) => list.flatMap((value, index) => (index % 2 ? [value] : ['--cap', value]))
  for (const [index, [name, list]] of Object.entries(caps).entries()) {
    const create = index === 0 ? ['-C'] : []
    await run('ceph-authtool', [...create, keyring, '--gen-key', '-n', name, ...pairs(list)])
  }
  const map = path.join(folder, 'monmap')
  await run('monmaptool', ['--create', '--fsid', fsid, '--addv', 'a', `[v1:127.0.0.1:${monitor}]`, map])
  const stop = async () => {
    await stopAll(folder)
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
  }
  try {
    await ceph('ceph-mon', '-i', 'a', '--mkfs', '--monmap', map, '--keyring', keyring)
    await ceph('ceph-mon', '-i', 'a')
    await ceph('ceph', 'osd', 'create', osd, '0')
    await ceph('ceph-osd', '-i', '0', '--mkfs', '--osd-uuid', osd)
    await ceph('ceph-osd', '-i', '0')
    await eventually(async () => (await ceph('ceph', '-s')).stdout.includes('1 up'), 60_000)
    await ceph('radosgw', '-n', 'client.rgw')
    const endpoint = `http://127.0.0.1:${gateway}`
    await eventually(async () => (await fetch(endpoint)).ok, 60_000)
    const keys = { accessKeyId: 'moblogtest', secretAccessKey: randomUUID() }
    const user = ['--uid=moblog', '--display-name=moblog']
    const secrets = [`--access-key=${keys.accessKeyId}`, `--secret-key=${keys.secretAccessKey}`]
    await ceph('radosgw-admin', 'user', 'create', ...user, ...secrets)
    return { endpoint, ...keys, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

type Node = { folder: string; fsid: string; monitor: number; gateway: number }

function configuration({ folder, fsid, monitor, gateway }: Node): string {
  return `[global]
fsid = ${fsid}
mon host = v1:127.0.0.1:${monitor}
mon initial members = a
public addr = 127.0.0.1
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
keyring = ${folder}/keyring
run dir = ${folder}
log file = ${folder}/$name.log
admin socket = ${folder}/$name.asok
pid file = ${folder}/$name.pid
mon allow pool size one = true
mon warn on pool no redundancy = false
mon max pg per osd = 1000
mon data avail crit = 1
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pgp num = 8
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
osd objectstore = memstore
memstore device bytes = 4294967296
[mon.a]
mon data = ${folder}/mon
[osd.0]
osd data = ${folder}/osd
osd class load list = *
osd class default list = *
[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:${gateway}
rgw thread pool size = 32
`
}

async function stopAll(folder: string): Promise<void> {
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.pid'))) {
    const pid = Number(await readFile(path.join(folder, name), 'utf8').catch(() => '0'))
    if (pid > 0) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // The process has already exited.
      }
    }
  }
}
