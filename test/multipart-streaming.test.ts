import { expectMember } from '../scripts/client/client.ts'
import { type Person, signUpAll } from '../scripts/client/people.ts'
import {
  announcement,
  requestUpload,
  sendMultipart,
  tryRequestUpload,
  uploadSession,
} from '../scripts/client/uploads.ts'
import { type LargeFile, largeFile } from '../testing/product/large-file.ts'
import { mediaFile } from '../testing/product/media-files.ts'
import { growthDuring } from '../testing/product/memory-growth.ts'
import { streamMultipart } from '../testing/product/multipart-stream.ts'
import { MODES, type Product, startProduct } from '../testing/product/product.ts'
import { reportFigure } from '../testing/product/report-figure.ts'

const MIB = 1024 * 1024
const SIZE = (process.env.MOBLOG_TEST_BIG ? 500 : 160) * MIB
const LIMIT = SIZE + MIB
const MOST_GROWTH = 60 * MIB

describe.each(MODES)(`uploadMedia with ${SIZE / MIB} MiB, %s`, (mode) => {
  let product: Product
  let mei: Person
  let film: LargeFile
  beforeAll(async () => {
    product = await startProduct(mode, { env: { STORAGE_MAX_MULTIPART: `${LIMIT}` } })
    ;[mei] = (await signUpAll(product.url, ['Mei'])) as [Person]
    film = await largeFile(SIZE)
    // Memory that each process allocates once, with its first upload, is not growth.
    const clip = await mediaFile('clip.mp4')
    for (const address of ['gateway', 'storage']) {
      const { uploadSession: session, ...grant } = await requestUpload(mei, clip)
      const multipartUrl = address === 'gateway' ? product.url : grant.multipartUrl
      await sendMultipart({ ...grant, multipartUrl, uploadId: session.id }, clip)
    }
  }, 180_000)
  afterAll(() => product?.close())

  describe.each(['the gateway', "storage's own address"])('through %s', (address) => {
    const open = async (file: Pick<LargeFile, 'name' | 'mimeType' | 'byteSize'>) => {
      const answer = await tryRequestUpload(mei, announcement(file))
      const grant = expectMember(answer, 'RequestUploadPayload')
      const url = address === 'the gateway' ? product.url : grant.multipartUrl
      return { url, uploadId: grant.uploadSession.id, key: grant.key, mimeType: file.mimeType }
    }

    it('stores the file, and neither process grows by more than 60 MiB', async () => {
      const { url, ...grant } = await open(film)
      const pids = [product.program('gateway').pid, product.program('storage').pid]
      const { result: answer, growth } = await growthDuring(pids, () =>
        streamMultipart(url, { ...grant, bytes: film.from(0) }),
      )
      const grown = growth.map((bytes) => `${Math.round(bytes / MIB)} MiB`).join(', ')
      reportFigure(`${mode}, through ${address}: gateway and storage grew by ${grown}`)
      expect(answer.errors).toEqual([])
      expect(answer.result).toMatchObject({
        __typename: 'UploadMediaPayload',
        media: { sha256: film.sha256, byteSize: SIZE },
      })
      expect(Math.max(...growth)).toBeLessThan(MOST_GROWTH)
    }, 120_000)

    it('refuses a file that is larger than announced long before all of it has been sent', async () => {
      const { url, ...grant } = await open({ ...film, byteSize: 20 * MIB })
      const answer = await streamMultipart(url, { ...grant, bytes: film.from(0) })
      expect(answer.result).toMatchObject({ __typename: 'RequestFailed', code: 'TOO_LARGE' })
      expect(answer.sentBytes).toBeLessThan(SIZE / 2)
      expect(await uploadSession(mei, grant.uploadId)).toMatchObject({ state: 'UPLOADING', receivedBytes: 0 })
    }, 180_000)
  })
})
