import type { Media } from '../media/media.ts'
import { findMedia } from '../media/media-store.ts'
import { findRenditions } from '../media/rendition-store.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { examineRecording } from './examine-recording.ts'
import { CannotRender } from './ffmpeg.ts'
import { describePicture } from './image-work.ts'
import { inOwnFolder } from './own-folder.ts'
import { saveAppearance } from './processing-store.ts'
import { recordingOf } from './recording-of.ts'
import type { Rendering } from './rendering.ts'
import { isForWantOfRoom, requireRoom } from './room-for-renditions.ts'
import { endUndescribed, putBackUndescribed, takeUndescribed } from './undescribed-store.ts'
import { measureWaveform } from './waveform.ts'

const MAX_ATTEMPTS = 6
const NOBODY = '00000000-0000-0000-0000-000000000000'

/**
 * Adds the placeholder, the colour and the waveform to media from before they existed, one file after another and with the
 * lowest priority. Owners take turns. It reads the stored poster, and the original only of audio, and makes no variants. It
 * can be interrupted at any point and started again.
 *
 * @throws Error if a retry can help
 */
export async function describeOlderMedia(rendering: Rendering, signal: AbortSignal): Promise<void> {
  const { db, log } = rendering
  const quiet = inBackground(rendering)
  let ownerId = NOBODY
  while (true) {
    signal.throwIfAborted()
    const next = await takeUndescribed(db, ownerId)
    if (!next) return
    ownerId = next.ownerId
    if (next.attempts > MAX_ATTEMPTS) log.warn({ mediaId: next.id }, 'media placeholder given up')
    else await describe(quiet, next.id, signal)
    await endUndescribed(db, next.id)
  }
}

async function describe(rendering: Rendering, mediaId: string, signal: AbortSignal): Promise<void> {
  const { db, log } = rendering
  const [media] = await findMedia(db, [mediaId])
  // While the renditions are being made, the media is described with them.
  if (!media || media.state === 'PROCESSING') return
  try {
    await describePoster(rendering, media, signal)
    await describeSound(rendering, media, signal)
  } catch (error) {
    if (signal.aborted || isForWantOfRoom(error)) await putBackUndescribed(db, mediaId)
    if (!(error instanceof CannotRender)) throw error
    log.warn({ mediaId, reason: error.message }, 'media placeholder failed')
  }
}

async function describePoster(rendering: Rendering, media: Media, signal: AbortSignal): Promise<void> {
  const renditions = await findRenditions(rendering.db, [media.id])
  const poster = renditions.find(({ role }) => role === 'POSTER')
  if (media.placeholder !== null || !poster) return
  const look = await inOwnFolder(
    rendering,
    { media, maxSeconds: null, signal },
    'appearance',
    (attempt) => describePicture(rendering, attempt, attempt.file, poster.mimeType),
    poster.objectName,
  )
  await saveAppearance(rendering.db, media.id, look)
}

async function describeSound(rendering: Rendering, media: Media, signal: AbortSignal): Promise<void> {
  if (media.kind !== 'AUDIO' || media.state !== 'READY' || media.waveform !== null) return
  await requireRoom(rendering, media.byteSize)
  const prepared = { media, maxSeconds: null, signal }
  const waveform = await inOwnFolder(rendering, prepared, 'appearance', async (attempt) => {
    const examined = await examineRecording(rendering, attempt)
    return measureWaveform(rendering, attempt, recordingOf(media, examined))
  })
  if (waveform) await saveAppearance(rendering.db, media.id, { waveform })
}

/** The same dependencies, with media tools that run with the lowest priority. */
function inBackground(rendering: Rendering): Rendering {
  const quiet = (sandbox: Sandbox): Sandbox => ({ ...sandbox, isBackground: true })
  return {
    ...rendering,
    sandbox: quiet(rendering.sandbox),
    prober: { ...rendering.prober, sandbox: quiet(rendering.prober.sandbox) },
    async ffmpeg() {
      const ffmpeg = await rendering.ffmpeg()
      return { ...ffmpeg, sandbox: quiet(ffmpeg.sandbox) }
    },
  }
}
