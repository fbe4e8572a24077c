import { setTimeout as sleep } from 'node:timers/promises'
import type { MediaFile } from '../scripts/client/media-file.ts'
import { type Person, signUp } from '../scripts/client/people.ts'
import { tusPatch } from '../scripts/client/tus.ts'
import { requestUpload, uploadByTus } from '../scripts/client/uploads.ts'
import { madeFile, mediaFile } from '../testing/product/media-files.ts'
import { MODES, type Product, startProduct } from '../testing/product/product.ts'
import { reportFigure } from '../testing/product/report-figure.ts'

const WITHIN_MS = 180_000

const words = (line: string) => line.split(' ')

/** Photos that are slow to decode, in two formats, with more pixels than phones produce. */
const heavyPhotos = () => [
  madeFile('noise.jpg', 'image/jpeg', words('-f lavfi -i nullsrc=size=6000x4000,noise=alls=60 -frames:v 1')),
  madeFile('noise.png', 'image/png', words('-f lavfi -i nullsrc=size=4000x3000,noise=alls=60 -frames:v 1')),
]

/** Recordings that are slow to encode: noise, which cannot be compressed well, in a picture larger than any variant. */
const heavyFilms = () => [
  madeFile('noise.webm', 'video/webm', [
    ...words('-f lavfi -i nullsrc=size=1920x1080:rate=25:duration=6,noise=alls=60:allf=t'),
    ...words('-c:v libvpx -b:v 2M -deadline realtime -cpu-used 8'),
  ]),
  madeFile('noise.mp4', 'video/mp4', [
    ...words('-f lavfi -i nullsrc=size=2560x1440:rate=30:duration=6,noise=alls=60:allf=t'),
    ...words('-c:v libx264 -preset ultrafast -b:v 4M -pix_fmt yuv420p'),
  ]),
]

/** Twenty hours of silence in little more than a megabyte, with a header that claims ten minutes. */
async function hiddenLength(): Promise<MediaFile> {
  const recipe = words('-f lavfi -i anullsrc=r=8000:cl=mono -t 72000 -c:a flac')
  const { bytes, ...silence } = await madeFile('silence.flac', 'audio/flac', recipe)
  const claiming = Buffer.from(bytes)
  // STREAMINFO (RFC 9639 §8.2): the 36-bit number of samples follows the sample rate, channels and bits per sample.
  claiming.writeUInt32BE(600 * 8_000, 22)
  claiming.writeUInt8(claiming.readUInt8(21) & 0xf0, 21)
  return { ...silence, bytes: claiming }
}

describe.each(MODES)('costly uploads of other users, %s', (mode) => {
  let product: Product
  let bob: Person
  let photo: MediaFile
  let clip: MediaFile
  beforeEach(async () => {
    product = await startProduct(mode)
    bob = await signUp(product.url, 'Bob')
    photo = await mediaFile('photo.jpg')
    clip = await mediaFile('clip.mp4')
  }, WITHIN_MS)
  afterEach(() => product?.close())

  /** Uploads a file and returns the milliseconds until all of its variants can be played. */
  async function msUntilReady(file: MediaFile): Promise<number> {
    const began = performance.now()
    const { id } = await uploadByTus(bob, file)
    for (;;) {
      const { media } = await bob.client.ask('media', { id })
      if (media?.state === 'READY') return performance.now() - began
      if (media?.state === 'FAILED' || performance.now() - began > WITHIN_MS) {
        throw new Error(`${file.name} is ${media?.state}`)
      }
      await sleep(25)
    }
  }

  it(
    'delay a photo by at most a second, and a video by at most one job',
    async () => {
      await msUntilReady(photo)
      await msUntilReady(clip)
      const idle = { photo: await msUntilReady(photo), clip: await msUntilReady(clip) }
      const heavy = await Promise.all([...heavyPhotos(), ...heavyFilms(), hiddenLength()])
      const ann = await signUp(product.url, 'Ann')
      await Promise.all(
        [...heavy, ...heavy, ...heavy].map(async (file) => {
          const { status } = await tusPatch(await requestUpload(ann, file), 0, file.bytes)
          expect(status).toBe(204)
        }),
      )
      const photos: number[] = []
      for (let time = 0; time < 5; time++) photos.push(await msUntilReady(photo))
      const loaded = { photo: photos.toSorted((a, b) => a - b)[2] ?? NaN, clip: await msUntilReady(clip) }
      reportFigure(`${mode}: idle ${JSON.stringify(idle)}, beside a costly user ${JSON.stringify(loaded)} ms`)
      expect(loaded.photo - idle.photo).toBeLessThan(1_000)
      expect(loaded.clip - idle.clip).toBeLessThan(10_000)
    },
    2 * WITHIN_MS,
  )

  it(
    'delay a video by at most 20 seconds if three users upload films of eleven hours',
    async () => {
      const encoded = await madeFile('encoded.mp4', 'video/mp4', [
        ...words('-f lavfi -i testsrc=size=320x240:rate=15:duration=2'),
        ...words('-c:v libx264 -pix_fmt yuv444p'),
      ])
      const idle = await msUntilReady(encoded)
      const gap = await madeFile('gap.mp4', 'video/mp4', [
        ...words(
          "-f lavfi -i testsrc=d=2:s=1280x720:r=5 -vf setpts='if(lt(N,5),PTS,PTS+40000/TB)' -vsync vfr",
        ),
        ...words('-c:v libx264 -preset ultrafast -pix_fmt yuv444p'),
      ])
      for (const name of ['Cleo', 'Dan', 'Eve']) await uploadByTus(await signUp(product.url, name), gap)
      const loaded = await msUntilReady(encoded)
      reportFigure(`${mode}: a film beside three of eleven hours takes ${loaded} ms, alone ${idle} ms`)
      expect(loaded - idle).toBeLessThan(20_000)
    },
    2 * WITHIN_MS,
  )
})
