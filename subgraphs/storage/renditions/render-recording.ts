import { stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Db } from '../database.ts'
import { type Rendition, streamObject } from '../media/rendition.ts'
import { findPlaylist } from '../media/rendition-store.ts'
import { CannotRender, runFfmpeg } from './ffmpeg.ts'
import { describePicture } from './image-work.ts'
import { methodsFor } from './methods.ts'
import { compareOutput, examineOutput } from './output.ts'
import { take } from './outputs.ts'
import type { PictureLook } from './picture-look.ts'
import { progressiveSize } from './plan.ts'
import { makePoster } from './poster.ts'
import { saveProgress } from './processing-store.ts'
import {
  inputArguments,
  PROGRESSIVE_FILE,
  type Recording,
  recordingArguments,
  rungsOf,
} from './recording-arguments.ts'
import { type Attempt, publish, type Rendering } from './rendering.ts'
import { createStreamPublisher, type PublishedStream } from './stream-publisher.ts'
import { makeTracksUpright } from './upright-tracks.ts'

// How often to look for finished segments, and the shortest interval between database updates, in milliseconds.
const POLL_MS = 100
const PUBLISH_INTERVAL_MS = 1000

/**
 * Makes and stores the poster of a recording.
 *
 * @returns false if nothing could be decoded for a poster
 */
export async function renderPoster(
  rendering: Rendering,
  attempt: Attempt,
  recording: Recording,
): Promise<boolean> {
  const { media, file, cwd, signal } = attempt
  try {
    const { file: made, size } = await makePoster({
      file,
      cwd,
      owner: media.ownerId,
      signal,
      recording,
      ffmpeg: await rendering.ffmpeg(),
    })
    const poster = await take(attempt, made)
    await rendering.objects.put(media.id, 'poster', poster)
    const rendition: Rendition = {
      role: 'POSTER',
      objectName: 'poster',
      mimeType: 'image/jpeg',
      byteSize: (await stat(poster)).size,
      width: size?.width ?? null,
      height: size?.height ?? null,
    }
    const look = await lookOfPoster(rendering, attempt, poster)
    await publish(rendering, media.id, { renditions: [rendition], look })
    return true
  } catch (error) {
    if (!(error instanceof CannotRender)) throw error
    rendering.log.warn({ mediaId: media.id, reason: error.message }, 'media poster failed')
    return false
  }
}

// A poster is useful without it.
async function lookOfPoster(
  rendering: Rendering,
  attempt: Attempt,
  poster: string,
): Promise<PictureLook | null> {
  try {
    return await describePicture(rendering, attempt, poster)
  } catch (error) {
    if (!(error instanceof CannotRender)) throw error
    rendering.log.warn({ mediaId: attempt.media.id, reason: error.message }, 'media placeholder failed')
    return null
  }
}

// x264 places keyframes at most 250 pictures apart by default, which is 10.4 s at 24 pictures per second. A player
// waits for a whole segment before it starts.
const LONGEST_COPIED_SEGMENT_SECONDS = 10.5

/** A recording to render, and the first picture that its renditions must show. */
export type ToRender = { recording: Recording; firstPicture: Buffer | null }

/** The finished renditions of a recording. */
export type MadeRecording = {
  renditions: Rendition[]
  stream: PublishedStream
  marker: string
  /**
   * The playing time in seconds if it is shorter than the original's, because the rest could not be decoded; otherwise
   * null.
   */
  playsSeconds: number | null
}

/**
 * Makes the stream and the progressive file of a recording. It compares both with the original: their duration, their
 * tracks and their first picture. If they differ or cannot be made, it tries the next method. The stream can be played
 * once its first segment is published.
 *
 * @param mayTakeLong whether it may transcode the video after the first method failed
 * @returns the result to publish at the end; null if the video would have to be transcoded and may not
 * @throws CannotRender if the reason is in the file
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
      rendering.log.info({ mediaId: attempt.media.id, reason: error.message }, 'rendering method failed')
      // The first error describes the problem best. But if the first method copies, a later error says more.
      if (!failure || first.plan.video === 'COPY') failure = error
    }
  }
  throw failure ?? new CannotRender('all rendering methods failed')
}

// A recording may be shorter without one of its tracks.
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
    throw new CannotRender(
      `keyframes are up to ${made.stream.longestSeconds} s apart; the limit for copying is ${LONGEST_COPIED_SEGMENT_SECONDS} s`,
    )
  }
  const output = await examineOutput(rendering, attempt, method, made.stream)
  return compareOutput(method, output, firstPicture)
}

/** Removes the stream files of other attempts. Without a marker, removes all stream files of the media. */
export function removeOtherAttempts(
  { objects }: Pick<Rendering, 'objects'>,
  mediaId: string,
  marker: string | null,
): Promise<void> {
  return objects.remove(
    mediaId,
    (name) => name.startsWith(streamObject('')) && (marker === null || !name.includes(`-${marker}-`)),
  )
}

type Made = Awaited<ReturnType<typeof make>>

async function make(rendering: Rendering, attempt: Attempt, recording: Recording) {
  const { media, file, cwd, maxSeconds, signal } = attempt
  const { objects, db } = rendering
  const { durationSeconds } = recording.source
  const ffmpeg = await rendering.ffmpeg()
  const rungs = rungsOf(recording)
  const publishStream = createStreamPublisher({
    objects,
    mediaId: media.id,
    folders: attempt,
    rungs,
  })
  let seconds = 0
  const stopping = new AbortController()
  const running = runFfmpeg({
    ffmpeg,
    file,
    cwd,
    owner: media.ownerId,
    byteSize: recording.byteSize,
    inputArgs: inputArguments(recording),
    outputArgs: recordingArguments(recording, ffmpeg.canToneMap),
    durationSeconds,
    maxSeconds,
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
    // What an interrupted attempt has published stays until this one has more, so a stream never gets shorter.
    let published = { segments: await publishedSegments(db, media.id, rungs[0].name), percent: 0, at: 0 }
    while (isRunning) {
      await Promise.race([ended, sleep(POLL_MS)])
      if (!isRunning) break
      const stream = await publishStream(false)
      const isFirst = published.segments === 0
      if (!stream || (!isFirst && Date.now() < published.at + PUBLISH_INTERVAL_MS)) continue
      const percent = Math.min(
        99,
        Math.floor((seconds / (durationSeconds || Number.POSITIVE_INFINITY)) * 100),
      )
      if (stream.segments > published.segments) {
        await publish(
          rendering,
          media.id,
          { renditions: [stream.rendition], playlists: stream.playlists },
          isFirst,
        )
      }
      if (percent > published.percent) await saveProgress(db, media.id, percent)
      published = { segments: stream.segments, percent, at: Date.now() }
    }
    await ended
  } finally {
    // After an error in the loop, ffmpeg must not keep running.
    stopping.abort()
    await ended.catch(() => {})
  }
  const progressive = await take(attempt, PROGRESSIVE_FILE)
  if (Array.isArray(recording.plan.video)) await makeTracksUpright(progressive)
  const stream = await publishStream(true)
  if (!stream) throw new CannotRender('ffmpeg made no segment')
  return {
    stream,
    marker: recording.marker,
    renditions: [await keepProgressive(rendering, media.id, progressive, recording), stream.rendition],
  }
}

async function publishedSegments(db: Db, mediaId: string, rung: string): Promise<number> {
  const playlist = await findPlaylist(db, mediaId, `${rung}.m3u8`)
  return playlist?.text.match(/^#EXTINF/gm)?.length ?? 0
}

async function keepProgressive(
  { objects }: Rendering,
  mediaId: string,
  file: string,
  { plan, shown }: Recording,
): Promise<Rendition> {
  const size = Array.isArray(plan.video) ? progressiveSize(plan.video) : plan.video ? shown : null
  const variant = {
    role: 'PROGRESSIVE' as const,
    mimeType: plan.video ? 'video/mp4' : 'audio/mp4',
    width: size?.width ?? null,
    height: size?.height ?? null,
  }
  await objects.put(mediaId, 'progressive', file)
  return { ...variant, objectName: 'progressive', byteSize: (await stat(file)).size }
}
