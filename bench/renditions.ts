/**
 * Measures the time from the last byte of an upload until the renditions exist, and the time of an ffmpeg command that
 * makes the same files: `npm run renditions -- --rounds 5`.
 */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs, promisify } from 'node:util'
import ffmpeg from '@ffmpeg-installer/ffmpeg'
import { fileOf } from '../scripts/client/media-file.ts'
import { type Person, signUpAll } from '../scripts/client/people.ts'
import { tusPatch } from '../scripts/client/tus.ts'
import { requestUpload, storedMedia, uploadEnd } from '../scripts/client/uploads.ts'
import { planRenditions } from '../subgraphs/storage/renditions/plan.ts'
import { recordingArguments } from '../subgraphs/storage/renditions/recording-arguments.ts'
import { freePorts } from '../testing/free-ports.ts'
import { recordingSource } from '../testing/storage/source.ts'
import { startChild, stopAllChildren } from './child.ts'

const run = promisify(execFile)
const FFMPEG = process.env.FFMPEG_PATH ?? ffmpeg.path
const SHOWN = { width: 1280, height: 720 }
const SECONDS = 20

const PICTURE = ['-f', 'lavfi', '-i', `testsrc2=size=1280x720:rate=30:duration=${SECONDS}`]
const SOUND = ['-f', 'lavfi', '-i', `sine=frequency=440:duration=${SECONDS}`]
const CLIPS = {
  // Must be transcoded.
  'clip.webm': ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '3M', '-c:a', 'libopus'],
  // Can be copied.
  'clip.mp4': ['-c:v', 'libx264', '-preset', 'veryfast', '-g', '60', '-pix_fmt', 'yuv420p', '-c:a', 'aac'],
}

/** The instants at which the results of an upload existed, in milliseconds after its last byte. */
type Times = { segment: number; ready: number }

async function timesOf(owner: Person, name: string, mimeType: string, bytes: Buffer): Promise<Times> {
  const file = fileOf(name, mimeType, bytes)
  const grant = await requestUpload(owner, file)
  await tusPatch(grant, 0, bytes)
  const from = performance.now()
  const { id } = storedMedia(await uploadEnd(owner, grant.uploadSession.id))
  let segment = 0
  for (;;) {
    const { media } = await owner.client.ask('media', { id })
    const url = media?.access?.streamUrl
    if (segment === 0 && url && (await hasSegment(url))) segment = performance.now() - from
    if (segment > 0 && media?.state === 'READY') return { segment, ready: performance.now() - from }
    if (media?.state === 'FAILED') throw new Error('the renditions could not be made')
    // Less often later, because each query takes processor time from the encoder.
    await sleep(segment === 0 ? 50 : 250)
  }
}

// Reads like a player: the master playlist, one media playlist, its initialization segment and its first segment.
async function hasSegment(master: string): Promise<boolean> {
  const text = async (url: string) => {
    const response = await fetch(url)
    return response.ok ? response.text() : ''
  }
  const size = (await text(master)).match(/^\S+\.m3u8$/m)?.[0]
  const playlist = size && (await text(new URL(size, master).href))
  const files = playlist ? [playlist.match(/URI="(.+?)"/)?.[1], playlist.match(/^\S+\.m4s$/m)?.[0]] : []
  const found = await Promise.all(
    files.map(async (file) => Boolean(file && (await text(new URL(file, master).href)))),
  )
  return found.length === 2 && found.every(Boolean)
}

// The same encoder settings as the storage service, in one command without the product, with the same priority.
async function plainCommand(file: string, folder: string, isCopied: boolean): Promise<number> {
  const cwd = await mkdtemp(path.join(folder, 'plain-'))
  const source = {
    ...recordingSource({ isPlain: isCopied, longSide: SHOWN.width }, { isPlain: isCopied }),
    ...{ container: 'mov,mp4', bitRate: 3_000_000, durationSeconds: SECONDS },
  }
  const plan = planRenditions(source, SHOWN)
  const recording = {
    source,
    plan,
    shown: SHOWN,
    byteSize: (await stat(file)).size,
    marker: 'a',
    isTolerant: false,
  }
  const poster = [
    '-map',
    '0:V:0',
    '-ss',
    '1',
    '-vf',
    'scale=640:360',
    '-frames:v',
    '1',
    '-f',
    'mjpeg',
    'poster',
  ]
  const args = [
    '-v',
    'error',
    '-nostdin',
    '-y',
    '-i',
    file,
    ...recordingArguments(recording, false),
    ...poster,
  ]
  const from = performance.now()
  await run('nice', ['-n', '10', FFMPEG, ...args], { cwd })
  return performance.now() - from
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } })
const folder = await mkdtemp(path.join(os.tmpdir(), 'moblog-bench-'))
try {
  for (const [name, codecs] of Object.entries(CLIPS)) {
    await run(FFMPEG, ['-v', 'error', '-y', ...PICTURE, ...SOUND, ...codecs, path.join(folder, name)])
  }
  const [port = 0] = await freePorts(1)
  const dataDir = path.join(folder, 'data')
  await mkdir(dataDir)
  const origin = `http://localhost:${port}`
  await startChild({
    ...{
      name: 'Moblog',
      program: path.join(import.meta.dirname, '../main.ts'),
      readyUrl: `${origin}/readyz`,
    },
    env: { PORT: `${port}`, MOBLOG_DATA_DIR: dataDir, LOG_LEVEL: 'warn', FFMPEG_PATH: FFMPEG },
  })
  const [owner] = (await signUpAll(`${origin}/graphql`, ['Ann'])) as [Person]
  const samples = Object.fromEntries(
    Object.keys(CLIPS).map((name) => [name, [] as (Times & { plain: number })[]]),
  )
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const name of Object.keys(CLIPS)) {
      const file = path.join(folder, name)
      // The content differs each time, because storage does not process a file again that its owner already has.
      const bytes = Buffer.concat([await readFile(file), freeBox(round)])
      const type = name.endsWith('.mp4') ? 'video/mp4' : 'video/webm'
      const times = await timesOf(owner, name, type, bytes)
      samples[name]?.push({ ...times, plain: await plainCommand(file, folder, name.endsWith('.mp4')) })
    }
  }
  for (const [name, rounds] of Object.entries(samples)) {
    const of = (key: keyof Times | 'plain') => Math.round(median(rounds.map((sample) => sample[key])))
    const ratio = median(rounds.map(({ ready, plain }) => ready / plain)).toFixed(2)
    process.stdout.write(
      `${name}: first segment after ${of('segment')} ms, all after ${of('ready')} ms; plain ffmpeg ${of('plain')} ms, ratio ${ratio}\n`,
    )
  }
} finally {
  await stopAllChildren()
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
}

// An MP4 may end with a `free` box, and readers of WebM stop at an unknown element.
function freeBox(round: number): Buffer {
  const box = Buffer.alloc(16)
  box.writeUInt32BE(16)
  box.write('free', 4, 'latin1')
  box.writeUInt32BE(round, 8)
  return box
}
