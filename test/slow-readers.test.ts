import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { expectMember } from '../scripts/client/client.ts'
import { accessTo } from '../scripts/client/moblogs.ts'
import { type Person, signUpAll } from '../scripts/client/people.ts'
import { tusPatchStream } from '../scripts/client/tus.ts'
import { announcement, storedMedia, tryRequestUpload, uploadEnd } from '../scripts/client/uploads.ts'
import { eventually } from '../testing/eventually.ts'
import { fetchBytes } from '../testing/product/bytes.ts'
import { largeFile } from '../testing/product/large-file.ts'
import { growthDuring } from '../testing/product/memory-growth.ts'
import { MODES, type Product, startProduct } from '../testing/product/product.ts'
import { reportFigure } from '../testing/product/report-figure.ts'

const MIB = 1024 * 1024
const READERS = 200

describe.each(MODES)(`${READERS} readers that take no bytes, %s`, (mode) => {
  let product: Product
  let mei: Person
  let url: string
  beforeAll(async () => {
    product = await startProduct(mode, { env: { STORAGE_VIEWER_CONNECTIONS: '500' } })
    ;[mei] = (await signUpAll(product.url, ['Mei'])) as [Person]
    const film = await largeFile(64 * MIB)
    const grant = expectMember(await tryRequestUpload(mei, announcement(film)), 'RequestUploadPayload')
    await tusPatchStream(grant, 0, film.from(0), film.byteSize)
    const { id } = storedMedia(await uploadEnd(mei, grant.uploadSession.id))
    const access = await eventually(
      () => accessTo(mei.client, id),
      (found) => found !== null,
    )
    url = access?.url ?? ''
    await fetchBytes(url)
  }, 180_000)
  afterAll(() => product?.close())

  it('take little memory and do not delay other users', async () => {
    const readers: IncomingMessage[] = []
    const { result, growth } = await growthDuring([product.program('storage').pid], async () => {
      for (let index = 0; index < READERS; index++) {
        const [response] = (await once(get(url, { agent: false }), 'response')) as [IncomingMessage]
        readers.push(response)
      }
      await sleep(1_000)
      const began = performance.now()
      const { bytes } = await fetchBytes(url, { headers: { range: `bytes=0-${MIB - 1}` } })
      return { length: bytes.length, ms: performance.now() - began }
    })
    for (const reader of readers) reader.destroy()
    const [bytes = Number.NaN] = growth
    reportFigure(`${mode}: ${READERS} stalled readers took ${Math.round(bytes / MIB)} MiB`)
    expect(result.length).toBe(MIB)
    expect(result.ms).toBeLessThan(1_000)
    // The data that storage holds for slow readers is limited for all of them together. Sockets are not included.
    expect(bytes).toBeLessThan(80 * MIB)
  }, 180_000)
})
