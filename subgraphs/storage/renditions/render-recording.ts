import { stat } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Db } from '../database.ts'
import { CannotRender, runFfmpeg } from './ffmpeg.ts'
import { methodsFor } from './methods.ts'
import { compareOutput, examineOutput } from './output.ts'
import { progressiveSize } from './plan.ts'
import { makePoster, POSTER_FILE } from './poster.ts'
import { saveProgress } from './processing-store.ts'
import {
  inputArguments,
  PROGRESSIVE_FILE,
  type Recording,
  recordingArguments,
  rungsOf,
} from './recording-arguments.ts'
import { type Attempt, publish, type Rendering } from './rendering.ts'
import { type Rendition, streamObject } from './rendition.ts'
import { findPlaylist } from './rendition-store.ts'
import { createStreamPublisher, type PublishedStream } from './stream-publisher.ts'
import { makeTracksUpright } from './upright-tracks.ts'

// How often is looked for finished segments, and how often at most the database hears of them.
const LOOK_MS = 100
const TELL_MS = 1000

/**
 * Makes and keeps the poster of a recording.
 *
 * @returns false where nothing in it could be decoded to make one of
 */
export async function renderPoster(
  rendering: Rendering,
  attempt: Attempt,
  recording: Recording,
): Promise<boolean> {
  const { medium, file, cwd, signal } = attempt
  try {
    const size = await makePoster({ file, cwd, signal, recording, ffmpeg: await rendering.ffmpeg() })
    const poster = path.join(cwd, POSTER_FILE)
    await rendering.objects.put(medium.id, 'poster', poster)
    const rendition: Rendition = {
      role: 'POSTER',
      objectName: 'poster',
      mimeType: 'image/jpeg',
      byteSize: (await stat(poster)).size,
      width: size?.width ?? null,
      height: size?.height ?? null,
    }
    await publish(rendering, medium.id, { renditions: [rendition] })
    return true
  } catch (error) {
    if (!(error instanceof CannotRender)) throw error
    rendering.log.warn({ mediaId: medium.id, reason: error.message }, 'a medium gets no poster')
    return false
  }
}

// What x264 does by itself: 250 pictures, at 24 a second. A player waits for a whole segment before it begins.
const LONGEST_COPIED_SEGMENT_SECONDS = 10.5

/** What is known of a recording, and what its first picture must be. */
export type ToRender = { recording: Recording; firstPicture: Buffer | null }

/** What was made of a recording. */
export type MadeRecording = {
  renditions: Rendition[]
  stream: PublishedStream
  marker: string
  /** How long it plays where that is less than the original does, since the rest could not be decoded; else null. */
  playsSeconds: number | null
}

/**
 * Makes the stream and the progressive file of a recording, and compares both with the original: how long they play,
 * which tracks they have, what they show first. Where they differ, or can't be made, the next method is tried. The
 * stream can be played as soon as its first segment is there.
 *
 * @param mayTakeLong whether it may be encoded where it was to be copied
 * @returns what is to be published when all is done; null where it would have to be encoded and may not
 * @throws CannotRender where the reason is in the file
 */
export async function renderRecording(
  rendering: Rendering,
  attempt: Attempt,
  { recording, firstPicture }: ToRender,
  mayTakeLong: boolean,
): Promise<MadeRecording | null> {
  const [first, ...others] = methodsFor(recording)
  let failure: CannotRender | null = null
  for (const method of [first, ...others]) {
    if (failure && method.plan.video && !mayTakeLong) return null
    try {
      const made = await make(rendering, attempt, method)
      const plays = await compare(rendering, attempt, { made, method, firstPicture })
      return {
        ...made,
        playsSeconds: plays ?? (isShorter(method, recording) ? method.source.durationSeconds : null),
      }
    } catch (error) {
      if (!(error instanceof CannotRender)) throw error
      rendering.log.info(
        { mediaId: attempt.medium.id, reason: error.message },
        'a method of rendering failed',
      )
      // What the first method without copying says is nearest to the truth.
      if (!failure || first.plan.video === 'COPY') failure = error
    }
  }
  throw failure ?? new CannotRender('no method of rendering is left')
}

// Without one of its tracks it may be.
function isShorter(method: Recording, recording: Recording): boolean {
  return method.source.durationSeconds < recording.source.durationSeconds
}

async function compare(
  rendering: Rendering,
  attempt: Attempt,
  { made, method, firstPicture }: { made: Made; method: Recording; firstPicture: Buffer | null },
): Promise<number | null> {
  const { plan } = method
  if (plan.video === 'COPY' && made.stream.longestSeconds > LONGEST_COPIED_SEGMENT_SECONDS) {
    throw new CannotRender(`its keyframes are up to ${made.stream.longestSeconds} s apart`)
  }
  const output = await examineOutput(rendering, attempt, method, made.stream)
  return compareOutput(method, output, firstPicture)
}

/** Removes the files of a medium's stream that were made at other attempts, or all where it is to have none. */
export function removeOtherAttempts(
  { objects }: Pick<Rendering, 'objects'>,
  mediumId: string,
  marker: string | null,
): Promise<void> {
  return objects.remove(
    mediumId,
    (name) => name.startsWith(streamObject('')) && (marker === null || !name.includes(`-${marker}-`)),
  )
}

type Made = Awaited<ReturnType<typeof make>>

async function make(rendering: Rendering, attempt: Attempt, recording: Recording) {
  const { medium, file, cwd, mostSeconds, signal } = attempt
  const { objects, db } = rendering
  const { durationSeconds } = recording.source
  const ffmpeg = await rendering.ffmpeg()
  const rungs = rungsOf(recording)
  const publishStream = createStreamPublisher({
    objects,
    mediumId: medium.id,
    cwd,
    rungs,
  })
  let seconds = 0
  const stopping = new AbortController()
  const running = runFfmpeg({
    ffmpeg,
    file,
    cwd,
    byteSize: recording.byteSize,
    inputArgs: inputArguments(recording),
    outputArgs: recordingArguments(recording, ffmpeg.canToneMap),
    durationSeconds,
    mostSeconds,
    signal: AbortSignal.any([signal, stopping.signal]),
    onProgress: (made) => {
      seconds = made
    },
  })
  let isRunning = true
  const ended = running.finally(() => {
    isRunning = false
  })
  ended.catch(() => {})
  try {
    // What an attempt that was cut off has published stays until there is more: a stream never gets shorter.
    let told = { segments: await publishedSegments(db, medium.id, rungs[0].name), percent: 0, at: 0 }
    while (isRunning) {
      await Promise.race([ended, sleep(LOOK_MS)])
      if (!isRunning) break
      const stream = await publishStream(false)
      const isFirst = told.segments === 0
      if (!stream || (!isFirst && Date.now() < told.at + TELL_MS)) continue
      const percent = Math.min(
        99,
        Math.floor((seconds / (durationSeconds || Number.POSITIVE_INFINITY)) * 100),
      )
      if (stream.segments > told.segments) {
        await publish(
          rendering,
          medium.id,
          { renditions: [stream.rendition], playlists: stream.playlists },
          isFirst,
        )
      }
      if (percent > told.percent) await saveProgress(db, medium.id, percent)
      told = { segments: stream.segments, percent, at: Date.now() }
    }
    await ended
  } finally {
    // Whatever went wrong here must not leave ffmpeg running.
    stopping.abort()
    await ended.catch(() => {})
  }
  if (Array.isArray(recording.plan.video)) await makeTracksUpright(path.join(cwd, PROGRESSIVE_FILE))
  const stream = await publishStream(true)
  if (!stream) throw new CannotRender('nothing in it could be decoded')
  return {
    stream,
    marker: recording.marker,
    renditions: [await keepProgressive(rendering, medium.id, cwd, recording), stream.rendition],
  }
}

async function publishedSegments(db: Db, mediumId: string, rung: string): Promise<number> {
  const playlist = await findPlaylist(db, mediumId, `${rung}.m3u8`)
  return playlist?.text.match(/^#EXTINF/gm)?.length ?? 0
}

async function keepProgressive(
  { objects }: Rendering,
  mediumId: string,
  cwd: string,
  { plan, shown }: Recording,
): Promise<Rendition> {
  const size = Array.isArray(plan.video) ? progressiveSize(plan.video) : plan.video ? shown : null
  const form = {
    role: 'PROGRESSIVE' as const,
    mimeType: plan.video ? 'video/mp4' : 'audio/mp4',
    width: size?.width ?? null,
    height: size?.height ?? null,
  }
  const file = path.join(cwd, PROGRESSIVE_FILE)
  await objects.put(mediumId, 'progressive', file)
  return { ...form, objectName: 'progressive', byteSize: (await stat(file)).size }
}
