// Compares uploads and downloads of the storage service with nginx, with the same files on the same disk; see README.md.
import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { connect } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { freePorts } from '../testing/free-ports.ts'
import { startChild, stopAllChildren } from './child.ts'
import { ask, mutate, operation } from './graphql.ts'
import { tone } from './tone.ts'
import { cpuSeconds, machineCpuSeconds, residentMebibytes } from './usage.ts'

const MIB = 1024 ** 2
const UPLOAD_BYTES = 500 * MIB
const root = path.join(import.meta.dirname, '..')
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    only: { type: 'string', default: '' },
  },
})
const rounds = Number(values.rounds)
const seconds = Number(values.seconds)

type Server = { pids: number[] }
type Sample = { perSecond: number; cpuPerGigabyte: number; elsewhere: number; grown: number }

/** A request that several connections repeat. */
const DOWNLOADS = [
  { name: '1 MiB × 32', file: 'small', connections: 32, range: null },
  { name: '100 MiB × 1', file: 'large', connections: 1, range: null },
  { name: '100 MiB × 32', file: 'large', connections: 32, range: null },
  { name: '1 MiB Range × 32', file: 'large', connections: 32, range: MIB },
] as const

const folder = await mkdtemp(path.join(os.tmpdir(), 'moblog-bytes-'))
let nginxMaster: number | undefined
try {
  const [port = 0, nginxPort = 0] = await freePorts(2)
  const moblog = await startMoblog(port)
  const url = `http://127.0.0.1:${port}/graphql`
  const token = await signUp(url)
  const files = {
    small: await store(url, token, film(MIB)),
    large: await store(url, token, film(100 * MIB)),
  }
  const nginx = await startNginx(nginxPort)
  for (const [name, { bytes }] of Object.entries(files))
    await writeFile(path.join(folder, 'www', name), bytes)

  for (const { name, file, connections, range } of DOWNLOADS) {
    const { size, address } = { size: files[file].bytes.length, address: files[file].url }
    const load = (from: string) => download({ url: from, connections, size, range })
    await measure(name, [
      { name: 'nginx sendfile', server: nginx, work: () => load(`http://127.0.0.1:${nginxPort}/${file}`) },
      { name: 'Moblog', server: moblog, work: () => load(address) },
    ])
  }
  const large = film(UPLOAD_BYTES)
  let number = 0
  await measure(`upload of ${UPLOAD_BYTES / MIB} MiB`, [
    {
      name: 'nginx dav PUT',
      server: nginx,
      work: () => put(`http://127.0.0.1:${nginxPort}/dav/${number++}`, large),
    },
    { name: 'Moblog tus', server: moblog, work: () => upload(url, token, large) },
  ])
} finally {
  await stopAllChildren()
  if (nginxMaster) process.kill(nginxMaster, 'SIGTERM')
  await sleep(300)
  await rm(folder, { recursive: true, force: true })
}

type Way = { name: string; server: Server; work(): Promise<{ bytes: number; seconds: number }> }

/** Measures both servers in turn, so that other programs disturb both. Returns medians; ratios are taken within a round. */
async function measure(what: string, ways: readonly [Way, Way]): Promise<void> {
  if (!what.includes(values.only)) return
  for (const { work } of ways) await work()
  const samples: [Sample[], Sample[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    for (const [index, { server, work }] of ways.entries()) {
      const [cpu, machine, began] = [cpuSeconds(server.pids), machineCpuSeconds(), process.cpuUsage()]
      const residentBefore = residentMebibytes(server.pids)
      const watch = watchResident(server.pids)
      const done = await work()
      const own = process.cpuUsage(began)
      const used = cpuSeconds(server.pids) - cpu
      const all = machineCpuSeconds() - machine
      samples[index as 0 | 1].push({
        perSecond: done.bytes / done.seconds,
        cpuPerGigabyte: used / (done.bytes / 1e9),
        elsewhere:
          Math.max(0, all - used - (own.user + own.system) / 1e6) / (done.seconds * os.cpus().length),
        grown: watch() - residentBefore,
      })
    }
  }
  const [theirs, ours] = samples
  const ratio = median(
    ours.map(({ perSecond }, round) => perSecond / (theirs[round]?.perSecond ?? Number.NaN)),
  )
  for (const [index, { name }] of ways.entries()) {
    const of = (key: keyof Sample) => median(samples[index as 0 | 1].map((sample) => sample[key]))
    process.stdout.write(
      `${what.padEnd(20)} ${name.padEnd(15)} ${(of('perSecond') / 1e6).toFixed(0).padStart(6)} MB/s` +
        `  ratio ${(index === 0 ? 1 : ratio).toFixed(2)}  CPU ${of('cpuPerGigabyte').toFixed(2)} s/GB` +
        `  +${of('grown').toFixed(0)} MiB  elsewhere ${(100 * of('elsewhere')).toFixed(0)} %\n`,
    )
  }
}

function watchResident(pids: readonly number[]): () => number {
  let peak = 0
  const timer = setInterval(() => {
    peak = Math.max(peak, residentMebibytes(pids))
  }, 20)
  return () => {
    clearInterval(timer)
    return Math.max(peak, residentMebibytes(pids))
  }
}

function median(list: readonly number[]): number {
  return list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN
}

async function startMoblog(port: number): Promise<Server> {
  const pid = await startChild({
    name: 'Moblog',
    program: path.join(root, 'main.ts'),
    env: {
      ...{
        NODE_ENV: 'production',
        LOG_LEVEL: 'warn',
        PORT: `${port}`,
        PUBLIC_URL: `http://127.0.0.1:${port}`,
      },
      ...{ MOBLOG_DATA_DIR: path.join(folder, 'data'), ALLOW_BUNDLED_FFMPEG: 'true', STORAGE_WORKERS: '0' },
      // All requests have the same viewer.
      ...{ STORAGE_VIEWER_REQUESTS_PER_SECOND: '1000000', STORAGE_USER_QUOTA: '1TiB' },
    },
    readyUrl: `http://127.0.0.1:${port}/readyz`,
  })
  return { pids: [pid] }
}

async function startNginx(port: number): Promise<Server> {
  for (const name of ['www', 'dav', 'temp']) await mkdir(path.join(folder, name))
  const config = path.join(folder, 'nginx.conf')
  await writeFile(
    config,
    `${os.userInfo().uid === 0 ? 'user root;' : ''}
worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/nginx.log;
include /etc/nginx/modules-enabled/*.conf;
events { worker_connections 512; }
http {
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;
  client_max_body_size 0; client_body_temp_path ${folder}/temp;
  server {
    listen 127.0.0.1:${port};
    root ${folder}/www;
    location /dav/ { alias ${folder}/dav/; dav_methods PUT; }
  }
}
`,
  )
  const child = spawn('nginx', ['-c', config, '-e', path.join(folder, 'nginx.log')], { stdio: 'inherit' })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error('nginx is not there or does not start: apt-get install nginx-light')
  nginxMaster = Number(await readFile(path.join(folder, 'nginx.pid'), 'utf8'))
  await sleep(300)
  const children = await readFile(`/proc/${nginxMaster}/task/${nginxMaster}/children`, 'utf8')
  return { pids: [nginxMaster, ...children.trim().split(' ').map(Number)] }
}

// A tone, followed by a chunk that players ignore.
function film(size: number): Buffer {
  const wave = tone(440)
  const rest = size - wave.length - 8
  const header = Buffer.alloc(8)
  header.write('free', 0, 'latin1')
  header.writeUInt32LE(rest, 4)
  const bytes = Buffer.concat([
    wave,
    header,
    randomBytes(Math.min(rest, MIB)),
    Buffer.alloc(Math.max(0, rest - MIB), 7),
  ])
  bytes.writeUInt32LE(size - 8, 4)
  return bytes
}

async function signUp(url: string): Promise<string> {
  const input = { handle: 'ann', displayName: 'Ann', password: 'correct horse battery' }
  const { session } = await mutate<{ session: { accessToken: string } }>(url, 'sign-up', input)
  return session.accessToken
}

type Granted = { uploadSession: { id: string }; key: string; tusUrl: string }

/** Measures from the first byte until storage acknowledges the last one, which is then on disk. */
async function upload(url: string, token: string, bytes: Buffer) {
  const granted = await grant(url, token, bytes)
  const began = performance.now()
  const status = await send('PATCH', granted.tusUrl, bytes, {
    authorization: `Bearer ${granted.key}`,
    'tus-resumable': '1.0.0',
    'upload-offset': '0',
    'content-type': 'application/offset+octet-stream',
  })
  if (status !== 204) throw new Error(`the upload was answered with ${status}`)
  await ended(url, token, granted)
  return { bytes: bytes.length, seconds: (performance.now() - began) / 1000 }
}

async function grant(url: string, token: string, bytes: Buffer): Promise<Granted> {
  const file = { fileName: 'tone.wav', mimeType: 'audio/wav', byteSize: bytes.length }
  return mutate<Granted>(url, 'request-upload', file, token)
}

async function ended(url: string, token: string, { uploadSession: { id } }: Granted): Promise<string> {
  const query = await operation('upload-session')
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(5)) {
    const { uploadSession } = (await ask({ url, query, variables: { id }, token })) as {
      uploadSession: { state: string; media: { id: string } | null; failure: unknown }
    }
    if (uploadSession.state === 'COMPLETED' && uploadSession.media) return uploadSession.media.id
    if (uploadSession.failure) throw new Error(JSON.stringify(uploadSession.failure))
  }
  throw new Error('an upload does not end')
}

async function store(url: string, token: string, bytes: Buffer): Promise<{ bytes: Buffer; url: string }> {
  const granted = await grant(url, token, bytes)
  await send('PATCH', granted.tusUrl, bytes, {
    ...{ authorization: `Bearer ${granted.key}`, 'tus-resumable': '1.0.0', 'upload-offset': '0' },
    'content-type': 'application/offset+octet-stream',
  })
  const id = await ended(url, token, granted)
  const query = await operation('media')
  for (;;) {
    const { media } = (await ask({ url, query, variables: { id }, token })) as {
      media: { access: { url: string } | null }
    }
    if (media.access) return { bytes, url: media.access.url }
    await sleep(20)
  }
}

/** nginx answers when the bytes are in memory. We add fsync and SHA-256, because Moblog does both before it answers. */
async function put(url: string, bytes: Buffer) {
  const began = performance.now()
  const status = await send('PUT', url, bytes, {})
  if (status !== 201 && status !== 204) throw new Error(`nginx answered with ${status}`)
  const file = await open(path.join(folder, 'dav', new URL(url).pathname.split('/').at(-1) ?? ''), 'r+')
  await file.sync()
  const hash = createHash('sha256')
  for await (const chunk of file.createReadStream({ highWaterMark: MIB, autoClose: false }))
    hash.update(chunk)
  hash.digest()
  const took = (performance.now() - began) / 1000
  if (
    (await stat(path.join(folder, 'dav', new URL(url).pathname.split('/').at(-1) ?? ''))).size !==
    bytes.length
  )
    throw new Error('nginx lost bytes')
  await file.close()
  return { bytes: bytes.length, seconds: took }
}

async function send(
  method: string,
  url: string,
  bytes: Buffer,
  headers: Record<string, string>,
): Promise<number> {
  const call = request(url, { method, agent: false, headers: { 'content-length': bytes.length, ...headers } })
  for (let position = 0; position < bytes.length; position += MIB) {
    if (!call.write(bytes.subarray(position, position + MIB))) await once(call, 'drain')
  }
  call.end()
  const [response] = await once(call, 'response')
  response.resume()
  await once(response, 'end')
  return response.statusCode
}

type Load = { url: string; connections: number; size: number; range: number | null }

async function download({ url, connections, size, range }: Load) {
  const began = performance.now()
  const until = began + seconds * 1000
  const counts = await Promise.all(
    Array.from({ length: connections }, () =>
      drain(new URL(url), until, () => {
        if (range === null) return ''
        const first = Math.floor((Math.random() * (size - range)) / 4096) * 4096
        return `Range: bytes=${first}-${first + range - 1}\r\n`
      }),
    ),
  )
  return { bytes: counts.reduce((sum, count) => sum + count, 0), seconds: (performance.now() - began) / 1000 }
}

/**
 * Repeats a request on one connection until the time is up, and returns the number of bytes received. It reads all bytes
 * into one buffer: the client runs on the machine that is measured, so it must use little processor time.
 */
function drain({ hostname, port, pathname }: URL, until: number, header: () => string): Promise<number> {
  const buffer = Buffer.allocUnsafe(256 * 1024)
  return new Promise((resolve, reject) => {
    let bytes = 0
    let left = 0
    const ask = () =>
      socket.write(
        `GET ${pathname} HTTP/1.1\r\nHost: ${hostname}\r\n${header()}Connection: keep-alive\r\n\r\n`,
      )
    const onData = (length: number) => {
      let body = length
      if (left === 0) {
        // Both servers send their headers in one piece, and never in more than 4 KiB.
        const head = buffer.toString('latin1', 0, Math.min(length, 4096))
        const end = head.indexOf('\r\n\r\n') + 4
        if (!/^HTTP\/1\.1 20[06] /.test(head) || end < 4) {
          reject(new Error(`a download was answered with ${head.slice(0, 200)}`))
          socket.destroy()
          return false
        }
        left = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1])
        body -= end
      }
      left -= body
      bytes += body
      if (performance.now() >= until) {
        socket.destroy()
        resolve(bytes)
        return false
      }
      if (left === 0) ask()
      return true
    }
    const socket = connect({ host: hostname, port: Number(port), onread: { buffer, callback: onData } })
    socket.once('connect', ask)
    socket.once('error', reject)
  })
}
