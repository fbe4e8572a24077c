import { Readable } from 'node:stream'
import { jest } from '@jest/globals'
import { expectMember } from '../scripts/client/client.ts'
import type { MediaFile } from '../scripts/client/media-file.ts'
import { newestAccess, publish, visiblePosts } from '../scripts/client/moblogs.ts'
import { befriend, type Person, signUpAll } from '../scripts/client/people.ts'
import { tusHead, tusPatch, tusPatchStream } from '../scripts/client/tus.ts'
import {
  announcement,
  type Grant,
  requestUpload,
  tryRequestUpload,
  uploadByTus,
  uploadEnd,
  uploadSession,
} from '../scripts/client/uploads.ts'
import { eventually } from '../testing/eventually.ts'
import { fetchBytes, untilRefused } from '../testing/product/bytes.ts'
import { type LargeFile, largeFile } from '../testing/product/large-file.ts'
import { mediaFile } from '../testing/product/media-files.ts'
import { MODES, type Product, startProduct } from '../testing/product/product.ts'

const MIB = 1024 * 1024
const SIZE = (process.env.MOBLOG_TEST_BIG ? 100 : 40) * MIB

// Everything is restarted several times.
jest.setTimeout(120_000)

describe.each(MODES)('after kill -9 of all processes, %s', (mode) => {
  let product: Product
  let mei: Person
  let jun: Person
  let clip: MediaFile
  let film: LargeFile

  beforeAll(async () => {
    // In four processes, the database is a separate process as well.
    product = await startProduct(mode, { ownDatabase: mode === 'in one process' })
    ;[mei, jun] = await signUpAll(product.url, ['Mei', 'Jun'])
    await befriend(mei, jun)
    clip = await mediaFile('clip.mp4')
    film = await largeFile(SIZE)
  })
  afterAll(() => product?.close())

  async function killAndStart(): Promise<void> {
    await product.end('SIGKILL')
    await product.start()
  }

  async function grantFor(file: LargeFile): Promise<Grant> {
    const answer = await tryRequestUpload(mei, { ...announcement(file), sha256: file.sha256 })
    return expectMember(answer, 'RequestUploadPayload')
  }

  /** Kills all processes during an upload, as soon as 20 MiB of it have arrived. */
  async function killWhileSending(grant: Grant): Promise<void> {
    const killed = Promise.withResolvers<void>()
    // The rest is not sent before, because on a fast disk the whole upload takes a quarter of a second.
    async function* sentBeforeKill() {
      let sent = 0
      for await (const chunk of film.from(0) as AsyncIterable<Buffer>) {
        if (sent > 24 * MIB) await killed.promise
        yield chunk
        sent += chunk.length
      }
    }
    const bytes = Readable.from(sentBeforeKill(), { objectMode: false })
    const sending = tusPatchStream(grant, 0, bytes, film.byteSize).catch(() => null)
    await eventually(
      async () => (await uploadSession(mei, grant.uploadSession.id)).receivedBytes >= 20 * MIB,
      30_000,
    )
    await product.end('SIGKILL')
    killed.resolve()
    await sending
    await product.start()
  }

  it('an upload resumes at its offset and becomes complete', async () => {
    const grant = await grantFor(film)
    await killWhileSending(grant)
    const { status, offset } = await tusHead(grant)
    expect(status).toBe(200)
    expect(offset).toBeGreaterThan(0)
    const answer = await tusPatchStream(grant, offset, film.from(offset), film.byteSize - offset)
    expect(answer.status).toBe(204)
    const { media } = await uploadEnd(mei, grant.uploadSession.id)
    expect(media).toMatchObject({ byteSize: SIZE, sha256: film.sha256 })
    await publish(mei, { mediaIds: [media?.id ?? ''] })
    const { url } = await newestAccess(mei.client, mei)
    expect((await fetchBytes(url)).sha256).toBe(film.sha256)
  })

  it('an upload whose last byte arrived becomes media, even without a response', async () => {
    const grants = await Promise.all(Array.from({ length: 3 }, () => requestUpload(mei, clip)))
    // Kills the processes at three different times between the last byte and the end of its processing.
    for (const [index, grant] of grants.entries()) {
      const answered = tusPatch(grant, 0, clip.bytes).catch(() => null)
      await new Promise((resolve) => {
        setTimeout(resolve, 10 + index * 50)
      })
      await killAndStart()
      const answer = await answered
      const { id } = grant.uploadSession
      const { offset } = await tusHead(grant)
      // A client that received the confirmation may rely on it. A client without it asks for the offset and continues.
      if (answer?.status !== 204 && offset < clip.bytes.length)
        expect((await tusPatch(grant, offset, clip.bytes.subarray(offset))).status).toBe(204)
      const session = await uploadEnd(mei, id)
      expect({ state: session.state, sha256: session.media?.sha256 }).toEqual({
        state: 'COMPLETED',
        sha256: clip.sha256,
      })
    }
  })

  it('posts and media still exist, and tokens still open them', async () => {
    const { id } = await uploadByTus(mei, clip)
    await publish(mei, { text: 'Before', mediaIds: [id] })
    const before = await visiblePosts(jun.client, mei)
    const { url } = await newestAccess(mei.client, mei)
    await killAndStart()
    const after = await visiblePosts(jun.client, mei)
    expect(after.map((post) => post.id)).toEqual(before.map((post) => post.id))
    for (const { media } of after)
      for (const { access } of media)
        expect((await fetchBytes(access?.url ?? '', { headers: { range: 'bytes=0-99' } })).status).toBe(206)
    expect((await fetchBytes(url)).sha256).toBe(clip.sha256)
    const { storageUsage } = (await mei.client.ask('viewer', {})).viewer ?? {}
    expect(storageUsage?.reservedBytes).toBe(0)
  })

  it('a revoked token stays revoked', async () => {
    const { id } = await uploadByTus(mei, clip)
    await publish(mei, { mediaIds: [id] })
    const { url } = await newestAccess(jun.client, mei)
    await mei.client.ask('unfriend', { input: { userId: jun.id } })
    await killAndStart()
    expect(await untilRefused(url, 5_000)).toBeLessThan(1_000)
  })
})
