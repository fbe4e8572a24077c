import { readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { CannotRender, runFfmpeg } from './ffmpeg.ts'
import { imageWithoutMetadata } from './image-without-metadata.ts'
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

/**
 * Makes and keeps what everyone but its owner gets of an original that tells more than it shows: the same sound and
 * pictures, not encoded anew, and nothing else.
 *
 * @returns null where that can't be done; the original is then for its owner alone
 */
export async function renderShared(rendering: Rendering, attempt: Attempt): Promise<Rendition | null> {
  const { medium, cwd } = attempt
  const target = path.join(cwd, SHARED_FILE)
  try {
    if (medium.kind === 'IMAGE') await stripImage(attempt, target)
    else await remux(rendering, attempt)
  } catch (error) {
    if (!(error instanceof CannotRender)) throw error
    rendering.log.warn(
      { mediaId: medium.id, reason: error.message },
      'an original stays with its owner alone',
    )
    return null
  }
  await rendering.objects.put(medium.id, SHARED_FILE, target)
  const { mimeType, width, height } = medium
  const { size: byteSize } = await stat(target)
  return { role: 'SHARED', objectName: SHARED_FILE, mimeType, byteSize, width, height }
}

async function stripImage({ medium, file }: Attempt, target: string): Promise<void> {
  const stripped = imageWithoutMetadata(await readFile(file), medium.mimeType)
  if (!stripped) throw new CannotRender(`metadata can't be taken out of ${medium.mimeType}`)
  await writeFile(target, stripped)
}

async function remux(rendering: Rendering, { medium, file, cwd, signal }: Attempt): Promise<void> {
  const muxer = MUXERS[medium.mimeType]
  if (!muxer) throw new CannotRender(`metadata can't be taken out of ${medium.mimeType}`)
  await runFfmpeg({
    ...{ ffmpeg: await rendering.ffmpeg(), file, cwd, signal },
    outputArgs: [
      ...['-map', '0:V?', '-map', '0:a?', '-c', 'copy', '-map_metadata', '-1', '-map_chapters', '-1'],
      ...['-max_muxing_queue_size', '4096', '-f', muxer, SHARED_FILE],
    ],
    durationSeconds: medium.durationSeconds ?? 3600,
    byteSize: medium.byteSize,
  })
}
