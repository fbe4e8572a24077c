import { listCaptions } from '../captions/captions-store.ts'
import { addCaptions } from '../captions/change-captions.ts'
import { MAX_CAPTIONS_BYTES, type NewCaptions, readCaptions } from '../captions/read-captions.ts'
import { findMedia } from '../media/media-store.ts'
import { AUDIO_VIDEO_FORMATS, MAX_VIDEO_PIXELS } from '../probing/audio-video.ts'
import { askFfprobe, type Stream } from '../probing/ffprobe.ts'
import { measureTracks } from '../probing/measure-tracks.ts'
import { withTimeFor } from './examine-recording.ts'
import { CannotRender, runFfmpeg } from './ffmpeg.ts'
import { discard, peek } from './outputs.ts'
import { inOwnFolder } from './own-folder.ts'
import type { Attempt, Rendering } from './rendering.ts'
import { labelOf, languageOf } from './track-language.ts'

const OPENABLE = { formats: AUDIO_VIDEO_FORMATS, maxPixels: MAX_VIDEO_PIXELS }
const TEXT_TRACKS = ['mov_text', 'subrip', 'srt', 'text', 'webvtt', 'ass', 'ssa']
const MAX_TRACKS = 20
const CAPTIONS_FILE = 'captions'

/**
 * Makes captions of the text tracks in a recording, because its owner asked for it. Nothing but their cues and language
 * is used. A language that has captions keeps them, and a track that cannot be read, or that an edit list cuts, is left out.
 */
export async function extractCaptions(
  rendering: Rendering,
  mediaId: string,
  signal: AbortSignal,
): Promise<void> {
  const { db, log } = rendering
  const [media] = await findMedia(db, [mediaId])
  if (!media || media.kind === 'IMAGE' || media.state === 'PROCESSING') return
  const known = new Set((await listCaptions(db, [mediaId])).map(({ language }) => language))
  await inOwnFolder(rendering, { media, maxSeconds: null, signal }, 'captions', async (attempt) => {
    for (const track of await textTracks(rendering, attempt)) {
      const language = languageOf(track.tags?.language)
      if (known.has(language)) continue
      const captions = await readTrack(rendering, attempt, track.index, language)
      if (!captions) continue
      known.add(language)
      const failure = await addCaptions(rendering.captions, media.ownerId, mediaId, captions)
      if (failure) log.info({ mediaId, language, reason: failure.code }, 'extracted captions not added')
    }
  })
}

async function textTracks(rendering: Rendering, { media, file }: Attempt): Promise<Stream[]> {
  const prober = withTimeFor({ ...rendering.prober, owner: media.ownerId }, media.byteSize)
  const report = await askFfprobe(prober, file, OPENABLE, false)
  const streams = (report?.streams ?? []).filter(({ codec_name }) => TEXT_TRACKS.includes(codec_name ?? ''))
  if (streams.length === 0) return []
  const times = await measureTracks(prober, file, OPENABLE, report?.format?.format_name ?? '')
  // ffmpeg starts a track that an edit list cuts at its first whole text, so all texts would be seconds off.
  const cut = new Set(times.filter(({ hiddenSeconds }) => hiddenSeconds > 0).map(({ index }) => index))
  return streams.filter(({ index }) => !cut.has(index)).slice(0, MAX_TRACKS)
}

/** Converts a track to WebVTT in the sandbox, and reads it like captions that a user sends; null if that fails. */
async function readTrack(
  rendering: Rendering,
  attempt: Attempt,
  index: number,
  language: string,
): Promise<NewCaptions | null> {
  const { media, file, cwd, signal } = attempt
  try {
    await runFfmpeg({
      ffmpeg: await rendering.ffmpeg(),
      file,
      cwd,
      owner: media.ownerId,
      outputArgs: ['-map', `0:${index}`, '-map_metadata', '-1', '-f', 'webvtt', CAPTIONS_FILE],
      isCopied: true,
      byteSize: media.byteSize,
      durationSeconds: media.durationSeconds ?? 0,
      signal,
    })
    const bytes = await peek(attempt, CAPTIONS_FILE, MAX_CAPTIONS_BYTES + 1)
    const content = new TextDecoder('utf-8', { fatal: true }).decode(bytes ?? Buffer.alloc(0))
    const captions = await readCaptions({ language, label: labelOf(language).slice(0, 60), content })
    if (!('__typename' in captions)) return captions
    rendering.log.info({ mediaId: media.id, index, reason: captions.message }, 'text track not used')
  } catch (error) {
    if (!(error instanceof CannotRender || error instanceof TypeError)) throw error
    rendering.log.info({ mediaId: media.id, index, reason: error.message }, 'text track not used')
  } finally {
    await discard(attempt, CAPTIONS_FILE)
  }
  return null
}
