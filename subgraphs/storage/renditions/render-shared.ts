import { readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { CannotRender, runFfmpeg } from './ffmpeg.ts'
import { imageWithoutMetadata } from './image-without-metadata.ts'
import { makeForms } from './image-work.ts'
import type { Attempt, Rendering } from './rendering.ts'
import type { Rendition } from './rendition.ts'

const SHARED_FILE = 'shared'

const MUXERS: Record<string, string> = {
  'video/mp4': 'mp4',
  'video/quicktime': 'mov',
  'video/3gpp': '3gp',
  'video/3gpp2': '3g2',
  'video/webm': 'webm',
  'video/x-matroska': 'matroska',
  'video/ogg': 'ogg',
  'audio/mp4': 'mp4',
  'audio/quicktime': 'mov',
  'audio/3gpp': '3gp',
  'audio/mpeg': 'mp3',
  'audio/aac': 'adts',
  'audio/ogg': 'ogg',
  'audio/wav': 'wav',
  'audio/flac': 'flac',
  'audio/amr': 'amr',
  'audio/webm': 'webm',
  'audio/x-matroska': 'matroska',
}

// As large as it is: cameras write their own JPEGs of about this quality.
const WHOLE = { name: SHARED_FILE, longSide: 16_384, quality: 92, mayMove: false }

/**
 * Makes and keeps what everyone but its owner gets of an original that tells more than it shows: the same sound and
 * pictures and nothing else, not encoded anew. Images that this can't be done with (HEIC, AVIF) become JPEG.
 *
 * @returns null where that can't be done; the original is then for its owner alone
 */
export async function renderShared(rendering: Rendering, attempt: Attempt): Promise<Rendition | null> {
  const { medium, cwd } = attempt
  const target = path.join(cwd, SHARED_FILE)
  let made: Pick<Rendition, 'mimeType' | 'width' | 'height'> = medium
  try {
    if (medium.kind !== 'IMAGE') await remux(rendering, attempt)
    else made = await stripImage(attempt, target)
  } catch (error) {
    if (!(error instanceof CannotRender)) throw error
    rendering.log.warn(
      { mediaId: medium.id, reason: error.message },
      'an original stays with its owner alone',
    )
    return null
  }
  await rendering.objects.put(medium.id, SHARED_FILE, target)
  const { mimeType, width, height } = made
  const { size: byteSize } = await stat(target)
  return { role: 'SHARED', objectName: SHARED_FILE, mimeType, byteSize, width, height }
}

async function stripImage(attempt: Attempt, target: string) {
  const { medium, file } = attempt
  const stripped = imageWithoutMetadata(await readFile(file), medium.mimeType)
  if (!stripped) {
    const [made] = await makeForms(attempt, [WHOLE])
    return made ?? medium
  }
  await writeFile(target, stripped)
  return medium
}

async function remux(rendering: Rendering, { medium, file, cwd, signal }: Attempt): Promise<void> {
  const muxer = MUXERS[medium.mimeType]
  if (!muxer) throw new CannotRender(`metadata can't be taken out of ${medium.mimeType}`)
  await runFfmpeg({
    ffmpeg: await rendering.ffmpeg(),
    file,
    cwd,
    signal,
    outputArgs: [
      ...['-map', '0:V?', '-map', '0:a?', '-c', 'copy', '-map_metadata', '-1', '-map_chapters', '-1'],
      ...['-max_muxing_queue_size', '4096', '-f', muxer, SHARED_FILE],
    ],
    isCopied: true,
    durationSeconds: medium.durationSeconds ?? 3600,
    byteSize: medium.byteSize,
  })
}
