import { type Orientation, orientationFilters } from '../probing/orientation.ts'
import { CannotRender, type FfmpegRun, runFfmpeg } from './ffmpeg.ts'
import { discard, peek } from './outputs.ts'
import type { Mix } from './source.ts'
import { mixFilters, SOUND_RATE } from './steady-tracks.ts'

/** The arguments for decoding a sample of a file. */
export type SampleWork = Pick<
  FfmpegRun,
  'ffmpeg' | 'file' | 'cwd' | 'owner' | 'durationSeconds' | 'byteSize' | 'signal'
>

const SIDE = 32
// About a second.
const SOUND_FRAMES = 40
// A picture is smaller. Of a sound, only whether there is one matters.
const MAX_SAMPLE_BYTES = 64 * 1024

/**
 * Decodes the first picture of a track that can be decoded, as it is displayed. The result is its brightness in `SIDE`
 * x `SIDE` pixels.
 *
 * @param orientation null to let ffmpeg turn the picture, as players do
 * @returns null if no picture can be decoded
 */
export async function firstPicture(
  work: SampleWork,
  index: number,
  orientation: Orientation | null,
): Promise<Buffer | null> {
  const filters = [
    ...orientationFilters(orientation ?? 'upright'),
    `scale=${SIDE}:${SIDE}:flags=area`,
    'format=gray',
  ]
  const output = ['-map', `0:${index}`, '-vf', filters.join(','), '-frames:v', '1', '-vsync', '0']
  const inputArgs = orientation ? ['-noautorotate'] : []
  const picture = await decode(work, inputArgs, [...output, '-f', 'rawvideo'], `picture-${index}`)
  return picture.length >= SIDE * SIDE ? picture.subarray(0, SIDE * SIDE) : null
}

/** Whether any sound of a track can be decoded and mixed this way. */
export async function canBeHeard(work: SampleWork, index: number, mix: Mix): Promise<boolean> {
  const filters = [...mixFilters(mix), `aresample=${SOUND_RATE}`]
  const output = ['-map', `0:${index}`, '-af', filters.join(','), '-ac', '2', '-frames:a', `${SOUND_FRAMES}`]
  return (await decode(work, [], [...output, '-f', 's16le'], `sound-${index}`)).length > 0
}

async function decode(
  work: SampleWork,
  inputArgs: string[],
  outputArgs: string[],
  name: string,
): Promise<Buffer> {
  try {
    await runFfmpeg({
      ...work,
      inputArgs: [...inputArgs, '-threads', '2'],
      outputArgs: [...outputArgs, name],
    })
  } catch (error) {
    if (!(error instanceof CannotRender)) throw error
  }
  const decoded = await peek(work, name, MAX_SAMPLE_BYTES)
  await discard(work, name)
  return decoded ?? Buffer.alloc(0)
}

/**
 * Whether two pictures of `firstPicture` show the same. The brightness may differ a little because of encoding and
 * colour ranges, and by any amount after tone mapping. The pattern may not differ.
 */
export function showTheSame(one: Buffer, other: Buffer, isToneMapped: boolean): boolean {
  const [a, b] = [statistics(one), statistics(other)]
  if (!isToneMapped && Math.abs(a.mean - b.mean) > 40) return false
  // A picture of one colour has no pattern.
  if (a.deviation < 6 || b.deviation < 6) return isToneMapped || Math.abs(a.deviation - b.deviation) < 12
  let product = 0
  for (let i = 0; i < one.length; i++) product += ((one[i] ?? 0) - a.mean) * ((other[i] ?? 0) - b.mean)
  return product / one.length / (a.deviation * b.deviation) > (isToneMapped ? 0.6 : 0.8)
}

function statistics(picture: Buffer): { mean: number; deviation: number } {
  const mean = picture.reduce((sum, value) => sum + value, 0) / picture.length
  const variance = picture.reduce((sum, value) => sum + (value - mean) ** 2, 0) / picture.length
  return { mean, deviation: Math.sqrt(variance) }
}
