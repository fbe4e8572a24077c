/** A part of a recording, in seconds. */
export type Part = { start: number; end: number }

const STEPS_PER_SECOND = 10
/** The step of the sliders, in seconds. */
export const TRIM_STEP = 1 / STEPS_PER_SECOND
const SHORTEST = 0.5

/** Moves one end of a part. The ends stay in the recording and do not come closer than half a second. */
export function movePart(part: Part, which: 'start' | 'end', seconds: number, duration: number): Part {
  const shortest = Math.min(SHORTEST, duration)
  if (which === 'start') return { ...part, start: Math.min(Math.max(0, seconds), part.end - shortest) }
  return { ...part, end: Math.max(Math.min(duration, seconds), part.start + shortest) }
}

/** The step of a slider at a time or next after it. The end of a recording is seldom on a step itself. */
export function stepAt(seconds: number): number {
  return Math.ceil(seconds * STEPS_PER_SECOND - 1e-6) / STEPS_PER_SECOND
}

/** Whether a part is so close to the whole that there is nothing to cut off. */
export function isWhole({ start, end }: Part, duration: number): boolean {
  return start < 0.1 && duration - end < 0.1
}

/**
 * Cuts a part out of a recording. It copies what it can and encodes only around the cut. The library is loaded when it
 * is first needed.
 *
 * @throws Error if the browser cannot encode it
 */
export async function cutOut(recording: Blob, part: Part): Promise<Blob> {
  const {
    BlobSource,
    BufferTarget,
    Conversion,
    Input,
    MP4,
    Mp4OutputFormat,
    OGG,
    Output,
    WEBM,
    WebMOutputFormat,
  } = await import('mediabunny')
  const input = new Input({ formats: [MP4, WEBM, OGG], source: new BlobSource(recording) })
  const target = new BufferTarget()
  const isMp4 = /mp4/.test(recording.type)
  const output = new Output({ format: isMp4 ? new Mp4OutputFormat() : new WebMOutputFormat(), target })
  const conversion = await Conversion.init({ input, output, trim: part })
  if (!conversion.isValid || conversion.discardedTracks.length > 0)
    throw new Error('a track cannot be encoded')
  await conversion.execute()
  if (!target.buffer) throw new Error('nothing was written')
  return new Blob([target.buffer], { type: recording.type })
}
