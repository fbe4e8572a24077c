import { setTimeout as sleep } from 'node:timers/promises'
import { expectMember } from '../scripts/client/client.ts'
import type { MediaFile } from '../scripts/client/media-file.ts'
import { friendMoblog, publish } from '../scripts/client/moblogs.ts'
import { befriend, type Person, signUpAll } from '../scripts/client/people.ts'
import { tusPatch } from '../scripts/client/tus.ts'
import {
  requestUpload,
  tryRequestUpload,
  uploadByTus,
  uploadEnd,
  uploadSession,
} from '../scripts/client/uploads.ts'
import { mediaFile } from '../testing/product/media-files.ts'
import { APART_MODES, type Product, startProduct } from '../testing/product/product.ts'

const MIB = 1024 * 1024
const video = (byteSize: number) => ({ fileName: 'a.mp4', mimeType: 'video/mp4', byteSize })

describe.each(APART_MODES)('storage with a full disk, %s', (mode) => {
  let product: Product
  let mei: Person
  beforeAll(async () => {
    product = await startProduct(mode, { env: { STORAGE_CAPACITY: '4MiB', STORAGE_FREE_FLOOR: '0' } })
    ;[mei] = await signUpAll(product.url, ['Mei'])
  })
  afterAll(() => product?.close())

  it('refuses an upload for which it has no space', async () => {
    const answer = await tryRequestUpload(mei, video(5 * MIB))
    expect(expectMember(answer, 'StorageUnavailable').code).toBe('STORAGE_UNAVAILABLE')
  })

  it('counts the reservations of open uploads, and frees them when the uploads are cancelled', async () => {
    const { uploadSession } = expectMember(
      await tryRequestUpload(mei, video(3 * MIB)),
      'RequestUploadPayload',
    )
    expect((await tryRequestUpload(mei, video(2 * MIB))).__typename).toBe('StorageUnavailable')
    await mei.client.ask('cancel-upload', { input: { uploadId: uploadSession.id } })
    expect((await tryRequestUpload(mei, video(2 * MIB))).__typename).toBe('RequestUploadPayload')
  })
})

describe.each(APART_MODES)('storage below its free floor, %s', (mode) => {
  let product: Product
  let mei: Person
  beforeAll(async () => {
    // More than any disk has, so there is no free space above the free floor.
    product = await startProduct(mode, { env: { STORAGE_FREE_FLOOR: '1000TiB' } })
    ;[mei] = await signUpAll(product.url, ['Mei'])
  })
  afterAll(() => product?.close())

  it('refuses uploads, and everything else works', async () => {
    expect((await tryRequestUpload(mei, video(1_000))).__typename).toBe('StorageUnavailable')
    await publish(mei, { text: 'Without pictures then' })
    expect((await friendMoblog(mei.client, mei.handle))?.moblog?.posts.edges).toHaveLength(1)
  })
})

describe('storage that is down, in four processes', () => {
  let product: Product
  let mei: Person
  let jun: Person
  let clip: MediaFile

  beforeAll(async () => {
    product = await startProduct('in four processes', { env: { STORAGE_TIMEOUT_SECONDS: '2' } })
    ;[mei, jun] = await signUpAll(product.url, ['Mei', 'Jun'])
    await befriend(mei, jun)
    clip = await mediaFile('clip.mp4')
    const { id } = await uploadByTus(mei, clip)
    await publish(mei, { text: 'Still there', mediaIds: [id] })
  })
  afterAll(() => product?.close())
  // Restores storage after each test.
  afterEach(async () => {
    for (const program of product.programs()) program.signal('SIGCONT')
    await product.start()
  })

  const refusal = async () => {
    const startedAt = performance.now()
    const answer = await tryRequestUpload(mei, video(1_000))
    const failure = expectMember(answer, 'StorageUnavailable')
    return { code: failure.code, seconds: (performance.now() - startedAt) / 1_000 }
  }

  /**
   * Runs the friend's single query while storage is down. Returns the available parts of the page and the missing ones.
   */
  const pageWithoutStorage = async () => {
    const startedAt = performance.now()
    const { data, errors } = await jun.client.send('friend-moblog', { handle: mei.handle })
    const [edge] = data?.userByHandle?.moblog?.posts.edges ?? []
    return {
      text: edge?.node.text,
      kind: edge?.node.media[0]?.kind,
      hasAccess: edge?.node.media[0]?.access != null,
      codes: [...new Set(errors.map(({ extensions }) => extensions?.code))],
      seconds: (performance.now() - startedAt) / 1_000,
    }
  }
  const THE_REST = { text: 'Still there', kind: null, hasAccess: true, codes: ['SERVICE_UNAVAILABLE'] }

  it('gives STORAGE_UNAVAILABLE for uploads, and a page without media details, if it was killed', async () => {
    await product.program('storage').end('SIGKILL')
    const { code, seconds } = await refusal()
    expect(code).toBe('STORAGE_UNAVAILABLE')
    expect(seconds).toBeLessThan(2.5)
    const page = await pageWithoutStorage()
    expect(page).toMatchObject(THE_REST)
    expect(page.seconds).toBeLessThan(2.5)
  })

  it('gives STORAGE_UNAVAILABLE within its timeout if it hangs', async () => {
    product.program('storage').signal('SIGSTOP')
    const { code, seconds } = await refusal()
    expect(code).toBe('STORAGE_UNAVAILABLE')
    expect(seconds).toBeLessThan(4)
  })

  it('delays a page by at most 15 seconds if it hangs', async () => {
    product.program('storage').signal('SIGSTOP')
    const page = await pageWithoutStorage()
    expect(page).toMatchObject(THE_REST)
    expect(page.seconds).toBeLessThan(15)
  })

  it('is used again after a restart', async () => {
    await product.program('storage').end('SIGKILL')
    await refusal()
    await product.start()
    expect((await uploadByTus(mei, clip)).sha256).toBe(clip.sha256)
  })

  it('registers media that it stored while communication was down, once communication is back', async () => {
    const grant = await requestUpload(mei, clip)
    const { id } = grant.uploadSession
    await product.program('communication').end('SIGKILL')
    expect((await tusPatch(grant, 0, clip.bytes)).status).toBe(204)
    // The owner sees COMPLETED only after communication has registered the media (docs/method.md, A3), because it cannot be
    // posted before.
    await sleep(1_000)
    expect((await uploadSession(mei, id)).state).toBe('VERIFYING')
    await product.start()
    const { media } = await uploadEnd(mei, id)
    const access = (await mei.client.ask('media', { id: media?.id ?? '' })).media?.access
    expect(access?.url).toContain(media?.id)
  })
})
