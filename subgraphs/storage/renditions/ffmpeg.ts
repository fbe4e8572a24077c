import { mkdir } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { inSpan } from '../../../platform/observability/tracing.ts'
import { AUDIO_VIDEO_FORMATS, MAX_VIDEO_PIXELS } from '../probing/audio-video.ts'
import { ALLOWED_DECODERS } from '../sandbox/allowed-decoders.ts'
import { runLimited } from '../sandbox/limited-process.ts'
import { filmNiceness, mostFilmNiceness } from '../sandbox/niceness.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { NoRoom } from './room-for-renditions.ts'

/** How to run ffmpeg: its path, its sandbox, and whether it supports tone mapping. */
export type Ffmpeg = { command: string; sandbox: Sandbox; canToneMap: boolean }

/** A run of ffmpeg on an untrusted file, in a work folder. */
export type FfmpegRun = {
  ffmpeg: Ffmpeg
  file: string
  cwd: string
  /** Arguments before the input, such as the start time. */
  inputArgs?: readonly string[]
  /** Arguments after the input. File names are relative to the work folder. */
  outputArgs: readonly string[]
  /** Whether nothing is decoded. The input is then read to its end, however long it plays. */
  isCopied?: boolean
  /** The maximum duration of the input in seconds. The limits for time and processor time grow with it. */
  durationSeconds: number
  /** A fixed time limit in seconds, independent of the duration; null for none. */
  maxSeconds?: number | null
  /** The size of the input in bytes. The limit for written bytes grows with it. */
  byteSize: number
  /** Called with the number of seconds made so far. */
  onProgress?: (seconds: number) => void
  /** The owner of the file. */
  owner?: string | undefined
  signal?: AbortSignal
}

/** The run exceeded the time limit of this lane. In another lane it may take longer. */
export class TakesLong extends Error {
  override name = 'TakesLong'
}

/** The renditions cannot be made of this file, so a retry does not help. */
export class CannotRender extends Error {
  override name = 'CannotRender'
  /** The reason as a sentence for the file's owner; null if all that is known is that decoding failed. */
  readonly explanation: string | null

  constructor(message: string, explanation: string | null = null) {
    super(message)
    this.explanation = explanation
  }
}

// Decoders and encoders keep pictures for each thread, and use as many threads as there are cores.
const MEMORY_BYTES = 4 * 1024 ** 3 + availableParallelism() * 256 * 1024 ** 2
const MIN_WRITTEN_BYTES = 1024 ** 3
// Copying a film of a day makes this many segments of two seconds, faster than they are stored.
const MAX_WRITTEN_FILES = 50_000
const MIN_SECONDS = 60
// Enough for a large video in three sizes on a busy machine.
const SECONDS_PER_SECOND = 30
const MAX_SECONDS = 24 * 3600
// Durations are given in whole seconds or estimated.
const SLACK_SECONDS = 30

/**
 * Runs ffmpeg with the restrictions that untrusted media needs: allowed demuxers and protocols, a pixel limit, and
 * resource limits that grow with the duration.
 *
 * @throws TakesLong if it exceeds `maxSeconds`
 * @throws CannotRender if the reason is in the file
 * @throws Error if a retry can help
 */
export async function runFfmpeg(run: FfmpegRun): Promise<void> {
  const { ffmpeg, file, cwd, inputArgs = [], outputArgs, isCopied, durationSeconds, byteSize } = run
  const { onProgress, maxSeconds, owner, signal } = run
  signal?.throwIfAborted()
  const allowedSeconds = Math.min(MAX_SECONDS, MIN_SECONDS + durationSeconds * SECONDS_PER_SECOND)
  const seconds = Math.min(allowedSeconds, maxSeconds ?? allowedSeconds)
  const ended = await runTraced({
    sandbox: ffmpeg.sandbox,
    command: ffmpeg.command,
    cwd,
    input: file,
    owner,
    niceness: filmNiceness(durationSeconds),
    mostNiceness: mostFilmNiceness(durationSeconds),
    args: [
      ...['-v', 'error', '-hide_banner', '-nostdin', '-y', '-nostats', '-progress', 'pipe:1'],
      ...['-protocol_whitelist', 'file', '-format_whitelist', AUDIO_VIDEO_FORMATS],
      ...['-codec_whitelist', ALLOWED_DECODERS, '-max_pixels', `${MAX_VIDEO_PIXELS}`],
      // Otherwise a file that plays longer than it says could be decoded for days.
      ...(isCopied ? [] : ['-t', `${Math.ceil(durationSeconds) + SLACK_SECONDS}`]),
      ...[...inputArgs, '-i', `file:${file}`],
      ...outputArgs,
    ],
    limits: {
      wallClockMs: seconds * 1000,
      cpuSeconds: Math.ceil(seconds * availableParallelism()),
      memoryBytes: MEMORY_BYTES,
      writtenBytes: Math.max(MIN_WRITTEN_BYTES, byteSize * 4),
      writtenFiles: MAX_WRITTEN_FILES,
    },
    onOutput(chunk) {
      const microseconds = chunk.match(/out_time_(?:us|ms)=(\d+)/g)?.at(-1)
      if (microseconds) onProgress?.(Number(microseconds.split('=')[1]) / 1_000_000)
    },
    ...(signal && { signal }),
  })
  signal?.throwIfAborted()
  if (ended.code === 0) return
  const reason = ended.stderr.trim().split('\n').slice(-3).join('; ').replaceAll(file, 'the file')
  if (/No space left|quota exceeded/i.test(reason)) throw new NoRoom(`ffmpeg could not write: ${reason}`)
  if (/Input\/output error/.test(reason)) throw new Error(`ffmpeg could not write: ${reason}`)
  if (ended.cause === 'KILLED') throw new Error('ffmpeg was killed from outside; the job must be repeated')
  if (ended.cause === 'OUT_OF_TIME' && seconds < allowedSeconds)
    throw new TakesLong(`ffmpeg took longer than ${seconds} s`)
  if (ended.cause === 'OUT_OF_TIME') {
    throw new CannotRender(
      `ffmpeg took longer than ${seconds} s`,
      `Processing took longer than ${Math.ceil(seconds)} seconds, the limit for a recording of this duration.`,
    )
  }
  throw new CannotRender(reason || `ffmpeg ${ended.cause.toLowerCase()}`)
}

const runTraced: typeof runLimited = (run) => inSpan('ffmpeg', 'internal', {}, () => runLimited(run))

/** Finds out which features an ffmpeg supports. */
export async function describeFfmpeg(command: string, sandbox: Sandbox, cwd: string): Promise<Ffmpeg> {
  await mkdir(cwd, { recursive: true, mode: 0o700 })
  const { stdout } = await runLimited({
    sandbox,
    command,
    cwd,
    args: ['-v', 'quiet', '-hide_banner', '-filters'],
    limits: { wallClockMs: 20_000, cpuSeconds: 10, memoryBytes: MEMORY_BYTES, writtenBytes: 0 },
  })
  return { command, sandbox, canToneMap: / zscale /.test(stdout) && / tonemap /.test(stdout) }
}
