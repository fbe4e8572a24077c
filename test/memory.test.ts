import { expectMember } from '../scripts/client/client.ts'
import { accessTo } from '../scripts/client/moblogs.ts'
import { type Person, signUpAll } from '../scripts/client/people.ts'
import { tusPatchStream } from '../scripts/client/tus.ts'
import { announcement, tryRequestUpload, uploadByTus, uploadEnd } from '../scripts/client/uploads.ts'
import { eventually } from '../testing/eventually.ts'
import { fetchBytes } from '../testing/product/bytes.ts'
import { largeFile } from '../testing/product/large-file.ts'
import { mediaFile } from '../testing/product/media-files.ts'
import { growthDuring } from '../testing/product/memory-growth.ts'
import { APART_MODES, type Product, startProduct } from '../testing/product/product.ts'
import { reportFigure } from '../testing/product/report-figure.ts'

const MIB = 1024 * 1024
const SIZE = (process.env.MOBLOG_TEST_BIG ? 1024 : 160) * MIB
const MOST_GROWTH = 60 * MIB

describe.each(APART_MODES)(`memory while ${SIZE / MIB} MiB pass through, %s`, (mode) => {
  let product: Product
  let mei: Person
  beforeAll(async () => {
    product = await startProduct(mode)
    ;[mei] = await signUpAll(product.url, ['Mei'])
    // Memory that each process allocates once, with its first upload and its first delivery, is not growth.
    const { id } = await uploadByTus(mei, await mediaFile('clip.mp4'))
    await fetchBytes((await accessTo(mei.client, id))?.url ?? '')
  })
  afterAll(() => product?.close())

  /** Returns the highest growth of the storage process while the work runs, in bytes. */
  async function storageGrowth<Result>(work: () => Promise<Result>) {
    const { result, growth } = await growthDuring([product.program('storage').pid], work)
    const [bytes = Number.NaN] = growth
    reportFigure(`${mode}: resident memory grew by ${Math.round(bytes / MIB)} MiB`)
    return { result, growth: bytes }
  }

  it('grows by less than 60 MiB each for an upload by tus and for its download', async () => {
    const film = await largeFile(SIZE)
    const answer = await tryRequestUpload(mei, { ...announcement(film), sha256: film.sha256 })
    const grant = expectMember(answer, 'RequestUploadPayload')
    const upload = await storageGrowth(async () => {
      expect((await tusPatchStream(grant, 0, film.from(0), film.byteSize)).status).toBe(204)
      return uploadEnd(mei, grant.uploadSession.id, 120_000)
    })
    expect(upload.result).toMatchObject({ state: 'COMPLETED', media: { sha256: film.sha256 } })
    expect(upload.growth).toBeLessThan(MOST_GROWTH)

    const access = await eventually(
      () => accessTo(mei.client, upload.result.media?.id ?? ''),
      (found) => found !== null,
    )
    const download = await storageGrowth(async () => {
      let received = 0
      for await (const chunk of (await fetch(access?.url ?? '')).body ?? []) received += chunk.length
      return received
    })
    expect(download.result).toBe(SIZE)
    expect(download.growth).toBeLessThan(MOST_GROWTH)
  }, 300_000)
})
