import { mkdir } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { AUDIO_VIDEO_FORMATS, MAX_VIDEO_PIXELS } from '../probing/audio-video.ts'
import { runLimited } from '../probing/limited-process.ts'
import { ALLOWED_DECODERS } from '../sandbox/allowed-decoders.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { NoRoom } from './room-for-renditions.ts'

/** How to run ffmpeg: which, how confined, and what it can do beyond the least. */
export type Ffmpeg = { command: string; sandbox: Sandbox; canToneMap: boolean }

/** A run of ffmpeg on a file that is not trusted, in a folder of its own. */
export type FfmpegRun = {
  ffmpeg: Ffmpeg
  file: string
  cwd: string
  /** Before the input: such as where to begin. */
  inputArgs?: readonly string[]
  /** After the input: what to make, in files named relative to the folder. */
  outputArgs: readonly string[]
  /** Nothing is decoded: the input is read to its end, however long it plays. */
  isCopied?: boolean
  /** What the input plays at most, in seconds: the time and the processor that are granted grow with it. */
  durationSeconds: number
  /** How many seconds it may take at most, whatever the input plays; null for no other limit. */
  mostSeconds?: number | null
  /** The size of the input in bytes: the space that is granted grows with it. */
  byteSize: number
  /** Is told how many seconds are made. */
  onProgress?: (seconds: number) => void
  signal?: AbortSignal
}

/** It takes longer than it may where it was tried; elsewhere it may take longer. */
export class TakesLong extends Error {
  override name = 'TakesLong'
}

/** It can't be made of this file, however often it is tried. */
export class CannotRender extends Error {
  override name = 'CannotRender'
  /** Why, in a sentence for the file's owner, where more is known than that nothing could be decoded. */
  readonly explanation: string | null

  constructor(message: string, explanation: string | null = null) {
    super(message)
    this.explanation = explanation
  }
}

// Decoders and encoders keep pictures for each of their threads, of which there are as many as cores.
const MEMORY_BYTES = 4 * 1024 ** 3 + availableParallelism() * 256 * 1024 ** 2
const LEAST_WRITTEN_BYTES = 1024 ** 3
const LEAST_SECONDS = 60
// A large film in three sizes on a machine that has much else to do.
const SECONDS_PER_SECOND = 30
const MOST_SECONDS = 24 * 3600
// Durations are told in whole seconds, or estimated.
const SLACK_SECONDS = 30

/**
 * Runs ffmpeg with the confinement that untrusted media want: which demuxers and protocols, how many pixels, and
 * limits that are proportional to what the file plays.
 *
 * @throws CannotRender where the reason is in the file
 * @throws Error where trying again can help
 */
export async function runFfmpeg(run: FfmpegRun): Promise<void> {
  const { ffmpeg, file, cwd, inputArgs = [], outputArgs, isCopied, durationSeconds, byteSize } = run
  const { onProgress, mostSeconds, signal } = run
  signal?.throwIfAborted()
  const needed = Math.min(MOST_SECONDS, LEAST_SECONDS + durationSeconds * SECONDS_PER_SECOND)
  const seconds = Math.min(needed, mostSeconds ?? needed)
  const ended = await runLimited({
    sandbox: ffmpeg.sandbox,
    command: ffmpeg.command,
    cwd,
    input: file,
    args: [
      ...['-v', 'error', '-hide_banner', '-nostdin', '-y', '-nostats', '-progress', 'pipe:1'],
      ...['-protocol_whitelist', 'file', '-format_whitelist', AUDIO_VIDEO_FORMATS],
      ...['-codec_whitelist', ALLOWED_DECODERS, '-max_pixels', `${MAX_VIDEO_PIXELS}`],
      // A file that plays longer than it says must not be decoded for days.
      ...(isCopied ? [] : ['-t', `${Math.ceil(durationSeconds) + SLACK_SECONDS}`]),
      ...[...inputArgs, '-i', `file:${file}`],
      ...outputArgs,
    ],
    limits: {
      wallClockMs: seconds * 1000,
      cpuSeconds: Math.ceil(seconds * availableParallelism()),
      memoryBytes: MEMORY_BYTES,
      writtenBytes: Math.max(LEAST_WRITTEN_BYTES, byteSize * 4),
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
  if (ended.cause === 'KILLED') throw new Error('ffmpeg was killed')
  if (ended.cause === 'OUT_OF_TIME' && seconds < needed) throw new TakesLong(`it took ${seconds} s`)
  if (ended.cause === 'OUT_OF_TIME') {
    throw new CannotRender(
      'it took too long',
      `Processing took longer than the limit of ${Math.ceil(seconds)} seconds for a file of this length.`,
    )
  }
  throw new CannotRender(reason || `ffmpeg ${ended.cause.toLowerCase()}`)
}

/** Finds out what an ffmpeg can do. */
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
