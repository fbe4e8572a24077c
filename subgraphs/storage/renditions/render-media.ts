import { findMedia } from '../media/media-store.ts'
import { removeRendition } from '../media/rendition-store.ts'
import { examineRecording } from './examine-recording.ts'
import { CannotRender, TakesLong } from './ffmpeg.ts'
import { inOwnFolder } from './own-folder.ts'
import { isQuick } from './plan.ts'
import { countAttempt, type End, forgetAttempt, saveDuration } from './processing-store.ts'
import { recordingOf } from './recording-of.ts'
import { renderImage } from './render-image.ts'
import { removeOtherAttempts, renderPoster, renderRecording } from './render-recording.ts'
import { renderShared } from './render-shared.ts'
import { type Attempt, MediaGone, publish, type Rendering } from './rendering.ts'
import { isForWantOfRoom, requireRoom } from './room-for-renditions.ts'
import type { Source } from './source.ts'
import { measureWaveform } from './waveform.ts'

// Each media file starts in the quick lane. It may continue in the slow lane, and from there in the long lane.
const MAX_ATTEMPTS = 6
// Longer videos are not started in the slow lane, and no job may run longer than this in it.
const LONG_FILM_SECONDS = 600
const MAX_SECONDS_IN_SLOW_LANE = 600

const UNKNOWN_REASON =
  'The file contains nothing that can be shown: it is damaged, or its format is not supported.'
const WHAT_TO_DO =
  'The original is kept. If it plays on your device, export it from there as MP4 or M4A, upload that, and delete this one.'
const GIVEN_UP: End = {
  code: 'STORAGE_UNAVAILABLE',
  message:
    'The server could not make renditions of this file in several attempts. The original is kept. Delete it and send it again later.',
}

function cannotBeMade({ explanation }: CannotRender): End {
  return { code: 'UNSUPPORTED_MEDIA', message: `${explanation ?? UNKNOWN_REASON} ${WHAT_TO_DO}` }
}

/**
 * Videos that must be transcoded wait in separate lanes, so that nothing else waits for them. SLOW is for videos of
 * some minutes. LONG is for all videos that take long, no matter how many owners upload them.
 */
export type Lane = 'QUICK' | 'SLOW' | 'LONG'

/**
 * Makes all renditions of a media file, or those that are allowed in a lane. It can be interrupted at any point and
 * started again.
 *
 * @returns the lane for the remaining work; null if nothing is left
 * @throws Error if a retry can help
 */
export async function renderMedia(
  rendering: Rendering,
  mediaId: string,
  lane: Lane,
  signal: AbortSignal,
): Promise<Lane | null> {
  const { db, log, objects } = rendering
  const attempts = await countAttempt(db, mediaId)
  const [media] = attempts === null ? [] : await findMedia(db, [mediaId])
  if (attempts === null || !media) return null
  try {
    // The previous attempt crashed its process.
    if (attempts > MAX_ATTEMPTS) throw new Error(`${attempts - 1} attempts ended without a result`)
    await requireRoom(rendering, media.byteSize)
    const maxSeconds = lane === 'SLOW' ? MAX_SECONDS_IN_SLOW_LANE : null
    return await inOwnFolder(rendering, { media, maxSeconds, signal }, 'renditions', (attempt) =>
      render(rendering, attempt, lane),
    )
  } catch (error) {
    if (error instanceof TakesLong) {
      await forgetAttempt(db, mediaId)
      return 'LONG'
    }
    if (signal.aborted || isForWantOfRoom(error)) {
      await forgetAttempt(db, mediaId)
      throw error
    }
    if (error instanceof MediaGone) {
      // New files may have been stored after the deletion removed the others.
      await objects.remove(mediaId)
      return null
    }
    if (!(error instanceof CannotRender) && attempts < MAX_ATTEMPTS) throw error
    log.warn({ mediaId, err: error }, 'media renditions failed')
    await removeRendition(db, mediaId, 'STREAM')
    await removeRendition(db, mediaId, 'PROGRESSIVE')
    const end = error instanceof CannotRender ? cannotBeMade(error) : GIVEN_UP
    await publish(rendering, mediaId, { renditions: [], end }).catch(unlessGone)
    await removeOtherAttempts(rendering, mediaId, null)
    return null
  }
}

async function render(rendering: Rendering, attempt: Attempt, lane: Lane): Promise<Lane | null> {
  const { media } = attempt
  if (media.kind === 'IMAGE') {
    const made = await renderImage(rendering, attempt)
    await publish(rendering, media.id, { ...made, end: 'READY' })
    return null
  }
  const { source, shown, firstPicture } = await examineRecording(rendering, attempt)
  const { durationSeconds } = source
  // Replaces the duration from the file's headers.
  await saveDuration(rendering.db, media.id, durationSeconds)
  const recording = recordingOf(media, { source, shown })
  // A copied recording needs no shared copy: its copied rendition is what other users get as the original.
  const isEncoded = recording.plan.video !== 'COPY' && recording.plan.audio !== 'COPY'
  if (isEncoded && lane === 'QUICK') await publishShared(rendering, attempt, source)
  const isForNow = lane !== 'QUICK' || isQuick(recording.plan, durationSeconds)
  const nextLane = durationSeconds > LONG_FILM_SECONDS ? 'LONG' : 'SLOW'
  // Transcoding takes long, so the poster is made first. Copying is as fast as making the poster.
  const isCopied = recording.plan.video === 'COPY'
  const poster = isCopied || lane === 'QUICK' ? renderPoster(rendering, attempt, recording) : null
  // Avoids an unhandled rejection; the await below rethrows.
  poster?.catch(() => {})
  if (!isCopied || !isForNow) await poster
  if (!isForNow) return nextLane
  const made = await renderRecording(
    rendering,
    attempt,
    { recording, firstPicture },
    lane !== 'QUICK',
  ).finally(() => poster)
  if (!made) return nextLane
  const { renditions, stream, marker, playsSeconds } = made
  if (playsSeconds !== null) await saveDuration(rendering.db, media.id, playsSeconds)
  // For a copied recording, the poster is the only check that it can be decoded.
  if (isCopied && !(await poster)) throw new CannotRender('no picture of the copied recording can be decoded')
  const waveform = await measureWaveform(rendering, attempt, recording)
  await publish(rendering, media.id, { renditions, playlists: stream.playlists, waveform, end: 'READY' })
  await removeOtherAttempts(rendering, media.id, marker)
  return null
}

async function publishShared(rendering: Rendering, attempt: Attempt, source: Source): Promise<void> {
  const shared = await renderShared(rendering, attempt, source)
  if (shared) {
    await publish(rendering, attempt.media.id, { renditions: [shared] }, attempt.media.isProgressive)
  }
}

function unlessGone(error: unknown): void {
  if (!(error instanceof MediaGone)) throw error
}
