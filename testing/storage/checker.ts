import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { newestTool } from './clips.ts'
import type { Recipe } from './recipes.ts'

const run = promisify(execFile)

/** Downloads a variant of a media file by its name, as a friend's player does. */
export type GetVariant = (name: string) => Promise<{ status: number; bytes: Buffer }>

const SIDE = 24

/**
 * Compares what a player gets of a media file with what its recipe made. It uses separate tools and rules and shares no
 * code with the rendition code.
 *
 * @returns the faults, as sentences
 */
export async function findFaults(recipe: Recipe, get: GetVariant, folder: string): Promise<string[]> {
  const work = await mkdtemp(path.join(folder, 'check-'))
  const faults: string[] = []
  try {
    const progressive = path.join(work, 'progressive.mp4')
    await save(get, 'progressive', progressive)
    faults.push(...(await faultsOfFile(recipe, 'progressive', progressive)))
    const master = (await get('stream/index.m3u8')).bytes.toString()
    const variants = master.split('\n').filter((line) => line.endsWith('.m3u8'))
    if (variants.length === 0) faults.push('the stream has no sizes')
    for (const name of variants) {
      const file = path.join(work, `${name}.mp4`)
      faults.push(...(await faultsOfPlaylist(recipe, name, get, file)))
      faults.push(...(await faultsOfFile(recipe, name, file)))
    }
    if ((await get('poster')).status !== 200) faults.push('the poster is missing')
  } catch (error) {
    faults.push(error instanceof Error ? error.message : String(error))
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  return faults
}

async function save(get: GetVariant, name: string, file: string): Promise<void> {
  const { status, bytes } = await get(name)
  if (status !== 200) throw new Error(`${name} answers ${status}`)
  await writeFile(file, bytes)
}

async function faultsOfPlaylist(
  recipe: Recipe,
  name: string,
  get: GetVariant,
  file: string,
): Promise<string[]> {
  const text = (await get(`stream/${name}`)).bytes.toString()
  const seconds = [...text.matchAll(/#EXTINF:([\d.]+)/g)].map(([, length]) => Number(length))
  const target = Number(/#EXT-X-TARGETDURATION:(\d+)/.exec(text)?.[1])
  const names = [/URI="([^"]+)"/.exec(text)?.[1], ...text.split('\n').filter((line) => line.endsWith('.m4s'))]
  const parts = await Promise.all(names.map((part) => get(`stream/${part}`)))
  await writeFile(file, Buffer.concat(parts.map(({ bytes }) => bytes)))
  const sum = seconds.reduce((total, length) => total + length, 0)
  return [
    ...(isAbout(recipe, sum) ? [] : [`${name}: the segments have ${sum} s instead of ${recipe.seconds} s`]),
    ...(Math.max(...seconds) <= target ? [] : [`${name}: a segment is longer than ${target} s`]),
    ...(text.includes('#EXT-X-ENDLIST') ? [] : [`${name}: the playlist has no end`]),
    ...(parts.every(({ status }) => status === 200) ? [] : [`${name}: a segment is missing`]),
  ]
}

async function faultsOfFile(recipe: Recipe, name: string, file: string): Promise<string[]> {
  const faults: string[] = []
  const { stdout } = await run(
    await newestTool('ffprobe'),
    [
      ...['-v', 'error', '-of', 'json', '-show_entries'],
      ...['stream=index,codec_type,codec_name,width,height:packet=stream_index,pts_time,duration_time', file],
    ],
    { maxBuffer: 2 ** 26 },
  )
  const { streams, packets } = JSON.parse(stdout)
  const of = (kind: string) => streams.find((stream: { codec_type: string }) => stream.codec_type === kind)
  const [video, audio] = [of('video'), of('audio')]
  if (Boolean(video) !== Boolean(recipe.picture))
    faults.push(`${name}: pictures are ${video ? 'unexpected' : 'missing'}`)
  if (Boolean(audio) !== recipe.hasSound) faults.push(`${name}: sound is ${audio ? 'unexpected' : 'missing'}`)
  for (const { index, codec_type } of streams) {
    const ends = packets
      .filter((packet: { stream_index: number }) => packet.stream_index === index)
      .map(
        (packet: { pts_time: string; duration_time?: string }) =>
          Number(packet.pts_time) + Number(packet.duration_time ?? 0),
      )
    const end = Math.max(...ends)
    if (!isAbout(recipe, end))
      faults.push(`${name}: ${codec_type} ends at ${end} s instead of ${recipe.seconds} s`)
  }
  const queue = ['-max_muxing_queue_size', '4096']
  const { stderr } = await run(await newestTool('ffmpeg'), [
    '-v',
    'error',
    '-i',
    file,
    ...queue,
    '-f',
    'null',
    '-',
  ])
  if (stderr) faults.push(`${name}: decoding fails: ${stderr.slice(0, 200)}`)
  if (!video || !recipe.picture) return faults
  const { width, height, source, filter = 'null', startsAt = 0 } = recipe.picture
  const shape = (video.width / video.height) * (height / width)
  if (Math.abs(shape - 1) > 0.06)
    faults.push(`${name}: the size is ${video.width} x ${video.height} instead of ${width} x ${height}`)
  const [made, wanted] = [
    await picture(['-i', file]),
    await picture(['-f', 'lavfi', '-i', source], `trim=start=${startsAt},${filter},`),
  ]
  const difference = differenceOf(made, wanted, recipe.isToneMapped === true)
  if (difference > 28) faults.push(`${name}: the first picture differs by ${difference.toFixed(0)}`)
  return faults
}

async function picture(input: string[], filters = ''): Promise<number[]> {
  const { stdout } = await run(
    await newestTool('ffmpeg'),
    [
      ...['-v', 'error', ...input, '-vf', `${filters}scale=${SIDE}:${SIDE}:flags=area,format=gray`],
      ...['-frames:v', '1', '-f', 'rawvideo', '-'],
    ],
    { encoding: 'buffer' },
  )
  return [...stdout]
}

/** The average difference of two pictures per pixel, from 0 to 255. */
function differenceOf(one: number[], other: number[], isPatternAlone: boolean): number {
  if (one.length === 0 || one.length !== other.length) return 255
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const shift = isPatternAlone ? mean(one) - mean(other) : 0
  return mean(one.map((value, index) => Math.abs(value - (other[index] ?? 0) - shift)))
}

// Tolerates one frame or packet more or less, and the silence that encoders add at the start.
function isAbout({ seconds }: Recipe, measured: number): boolean {
  return Math.abs(measured - seconds) <= 0.35
}
