import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import sharp from 'sharp'
import { newId } from '../../../platform/ids.ts'
import { makeClip, newestTool, openClips } from '../../../testing/storage/clips.ts'
import { get, settled, upload } from '../../../testing/storage/renditions.ts'
import { startTestStorage, type TestStorage } from '../../../testing/storage/storage.ts'

const run = promisify(execFile)
const words = (line: string) => line.split(' ')
// A brick colour, whose three components differ between BT.601 and BT.709.
const BRICK = [200, 120, 80]
const near = (colour: readonly number[]) => colour.map((part) => expect.closeTo(part, -1))

const IS_BIG = process.env.MOBLOG_TEST_BIG === '1'

let storage: TestStorage
let clips: Awaited<ReturnType<typeof openClips>>
const owner = newId()

beforeAll(async () => {
  ;[clips, storage] = await Promise.all([openClips(), startTestStorage({ STORAGE_WORKERS: '1' })])
})

afterAll(async () => {
  await storage.stop()
  await clips.remove()
})

const colour = (size: string) => words(`-f lavfi -i color=c=0xC87850:size=${size}:rate=10:duration=1`)
const matrix = (name: string) => words(`-vf scale=out_color_matrix=${name},format=yuv444p`)

/** Decodes the first pixel of a video with the matrix that the video names. */
async function pixelOf(bytes: Uint8Array): Promise<{ space: string; rgb: number[] }> {
  const file = path.join(clips.folder, `film-${process.hrtime.bigint()}.mp4`)
  await writeFile(file, bytes)
  const space = await run(await newestTool('ffprobe'), [
    ...words('-v error -select_streams v -show_entries stream=color_space -of csv=p=0'),
    file,
  ])
  const { stdout } = await run(
    await newestTool('ffmpeg'),
    [
      '-v',
      'error',
      '-i',
      file,
      ...words('-frames:v 1 -vf scale=in_color_matrix=auto,crop=1:1'),
      ...words('-pix_fmt rgb24 -f rawvideo -'),
    ],
    { encoding: 'buffer' },
  )
  return { space: space.stdout.trim(), rgb: [...stdout.subarray(0, 3)] }
}

describe('the renditions and the poster keep the colours of a video', () => {
  const KINDS: [string, string[], string][] = [
    ['tagged as BT.709', [...colour('1280x720'), ...matrix('bt709'), ...words('-colorspace bt709')], 'bt709'],
    [
      'tagged as BT.601',
      [...colour('1280x720'), ...matrix('bt601'), ...words('-colorspace smpte170m')],
      'smpte170m',
    ],
    ['in high definition without a tag', [...colour('1280x720'), ...matrix('bt709')], 'bt709'],
    ['in standard definition without a tag', [...colour('320x240'), ...matrix('bt601')], 'smpte170m'],
  ]
  // Each time the one that most phones record.
  it.each(IS_BIG ? KINDS : KINDS.slice(0, 1))('%s', async (_name, args, space) => {
    await expectBrick([...args, '-c:v', 'libx264'], 'film.mp4', space)
  })

  it('in RGB', async () => {
    await expectBrick([...colour('1280x720'), ...words('-c:v libx264rgb -pix_fmt rgb24')], 'rgb.mkv', 'bt709')
  })

  async function expectBrick(args: string[], name: string, space: string): Promise<void> {
    const file = path.join(clips.folder, name)
    await makeClip(args, file)
    const { mediaId } = await upload(storage, owner, await readFile(file))
    expect(await settled(storage, owner, mediaId)).toMatchObject({ state: 'READY' })
    const variant = async (name: string) =>
      (await get(storage, { ownerId: owner, viewerId: newId(), mediaId }, name)).bytes
    expect(await pixelOf(await variant('progressive'))).toEqual({ space, rgb: near(BRICK) })
    const { data } = await sharp(await variant('poster'))
      .raw()
      .toBuffer({ resolveWithObject: true })
    expect([...data.subarray(0, 3)]).toEqual(near(BRICK))
  }
})
