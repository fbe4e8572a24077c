import { open } from 'node:fs/promises'
import { AUDIO_VIDEO_FORMATS, describeAudioVideo, MAX_VIDEO_PIXELS, tooManyPixels } from './audio-video.ts'
import type { Description } from './description.ts'
import { askFfprobe, type Prober } from './ffprobe.ts'
import { describeImage, startOf } from './image.ts'
import { imageFormat, SIGNATURE_BYTES } from './image-signature.ts'
import { measureTracks } from './measure-tracks.ts'

/**
 * The result of probing a file: a description, or a `rejection` sentence for the owner. Only the file's bytes count.
 */
export type Probed = { description: Description } | { rejection: string }

const AUDIO_VIDEO = { formats: AUDIO_VIDEO_FORMATS, maxPixels: MAX_VIDEO_PIXELS }

/**
 * Finds out what a file is, in sandboxed child processes.
 *
 * @throws Error if probing failed for a reason that is not in the file
 */
export async function probe(prober: Prober, file: string): Promise<Probed> {
  const handle = await open(file, 'r')
  try {
    const start = await startOf(handle, SIGNATURE_BYTES)
    if (start.length === 0) return { rejection: 'The file is empty. Upload an audio, video or image file.' }
    const format = imageFormat(start)
    if (!format) return await probeAudioVideo(prober, file, start)
    const description = await describeImage(prober, file, handle, format)
    return description ? { description } : { rejection: reason(start, format.mimeType) }
  } finally {
    await handle.close()
  }
}

async function probeAudioVideo(prober: Prober, file: string, start: Buffer): Promise<Probed> {
  const report = await askFfprobe(prober, file, AUDIO_VIDEO, false)
  const description = report && describeAudioVideo(report)
  if (!report || !description)
    return { rejection: (await sizeLimit(prober, file)) ?? reason(start, undefined) }
  const format = report.format?.format_name ?? ''
  if (description.durationSeconds !== null) return { description }
  const tracks = await measureTracks(prober, file, AUDIO_VIDEO, format).catch(() => [])
  const seconds = Math.max(...tracks.map(({ end }) => end)) - Math.min(...tracks.map(({ start }) => start))
  return { description: { ...description, durationSeconds: seconds > 0 ? seconds : null } }
}

// With the pixel limit, ffprobe sees no picture. A file that may be too large is therefore probed again without it.
async function sizeLimit(prober: Prober, file: string): Promise<string | null> {
  const report = await askFfprobe(prober, file, { ...AUDIO_VIDEO, maxPixels: 2 ** 30 }, false)
  const size = report && tooManyPixels(report)
  return (
    size &&
    `The picture of this video has ${size.width} x ${size.height} pixels; at most ${MAX_VIDEO_PIXELS} pixels (8192 x 4608) are accepted. Export it in a smaller size and upload that.`
  )
}

function reason(start: Buffer, imageType: string | undefined): string {
  if (imageType)
    return `The file looks like ${imageType}, but it cannot be decoded, has too many pixels, or has more than 100 scans. Export the image again and upload that.`
  const text = start.toString('latin1').trimStart().toLowerCase()
  if (text.startsWith('#extm3u') || text.startsWith('ffconcat')) {
    return 'The file is a playlist. Upload the audio or video file itself.'
  }
  if (/^<(!doctype|html|\?xml|svg)/.test(text))
    return 'The file is a page or a drawing. Upload an audio, video or image file.'
  return 'No supported audio, video or image was found in the file. Export it as MP4, M4A, JPEG or PNG and upload that.'
}
