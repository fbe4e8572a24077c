import { expectMember } from '../scripts/client/client.ts'
import type { MediaFile } from '../scripts/client/media-file.ts'
import { accessTo, friendMoblog, publish, type ShownMoblog } from '../scripts/client/moblogs.ts'
import { befriend, type Person, signUpAll } from '../scripts/client/people.ts'
import { tusHead, tusPatch } from '../scripts/client/tus.ts'
import {
  requestUpload,
  type StoredMedia,
  storedMedia,
  uploadByMultipart,
  uploadByTus,
  uploadEnd,
  uploadSession,
} from '../scripts/client/uploads.ts'
import { fetchBytes } from '../testing/product/bytes.ts'
import { mediaFile } from '../testing/product/media-files.ts'
import { MODES, type Product, startProduct } from '../testing/product/product.ts'

describe.each(MODES)('a friend sees and plays what a user uploaded, %s', (mode) => {
  let product: Product
  let mei: Person
  let jun: Person
  let clip: MediaFile
  let media: StoredMedia
  let moblog: ShownMoblog

  beforeAll(async () => {
    product = await startProduct(mode)
    ;[mei, jun] = await signUpAll(product.url, ['Mei', 'Jun'])
    await befriend(mei, jun)
    clip = await mediaFile('clip.mp4')
    media = await uploadByTus(mei, clip)
    await publish(mei, { text: 'On the lake', mediaIds: [media.id] })
    const user = await friendMoblog(jun.client, mei.handle)
    if (!user?.moblog) throw new Error('friend-moblog returned no moblog')
    moblog = user.moblog
  })
  afterAll(() => product?.close())

  it('an upload by tus becomes media with the size and SHA-256 of the sent file', () => {
    expect(media).toMatchObject({
      kind: 'VIDEO',
      mimeType: 'video/mp4',
      byteSize: clip.bytes.length,
      sha256: clip.sha256,
    })
    expect(media.durationSeconds).toBeCloseTo(2, 0)
  })

  it('the single query returns the page, its posts, their media and the tokens that open them', () => {
    expect(moblog.access?.url).toContain(moblog.access?.token)
    expect(moblog.posts.edges).toHaveLength(1)
    const post = moblog.posts.edges[0]?.node
    expect(post).toMatchObject({ text: 'On the lake', audience: 'FRIENDS', likeCount: 0 })
    expect(post?.media).toMatchObject([{ id: media.id, kind: 'VIDEO', mimeType: 'video/mp4' }])
    const access = post?.media[0]?.access
    expect(access?.url).toContain(access?.token)
    expect(Date.parse(access?.expiresAt ?? '')).toBeGreaterThan(Date.now())
  })

  it('the media address gives the owner the uploaded bytes, and friends a copy without metadata', async () => {
    const access = moblog.posts.edges[0]?.node.media[0]?.access
    const { status, headers, bytes } = await fetchBytes(access?.url ?? '')
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('video/mp4')
    // The name of the encoder is an example of metadata.
    expect([clip.bytes, bytes].map((each) => each.includes('x264 - core'))).toEqual([true, false])
    const own = await accessTo(mei.client, media.id)
    expect((await fetchBytes(own?.url ?? '')).sha256).toBe(clip.sha256)
  })

  it('the page address opens a page that shows the post', async () => {
    const { status, headers, bytes } = await fetchBytes(moblog.access?.url ?? '')
    expect(status).toBe(200)
    expect(headers.get('content-type')).toMatch(/^text\/html/)
    expect(bytes.toString()).toContain('On the lake')
  })

  it('an interrupted upload resumes at its offset', async () => {
    const grant = await requestUpload(mei, clip)
    const { id } = grant.uploadSession
    expect(await tusHead(grant)).toEqual({ status: 200, offset: 0 })
    expect((await tusPatch(grant, 0, clip.bytes.subarray(0, 5_000))).status).toBe(204)
    expect(await uploadSession(mei, id)).toMatchObject({ state: 'UPLOADING', receivedBytes: 5_000 })
    expect(await tusHead(grant)).toEqual({ status: 200, offset: 5_000 })
    // tus 1.0.0: a PATCH whose offset differs from the current one MUST be answered with 409.
    expect((await tusPatch(grant, 4_000, clip.bytes.subarray(4_000))).status).toBe(409)
    expect((await tusPatch(grant, 5_000, clip.bytes.subarray(5_000))).status).toBe(204)
    expect(storedMedia(await uploadEnd(mei, id)).sha256).toBe(clip.sha256)
  })

  it('renewUploadKey keeps the received bytes, and the former key stops working', async () => {
    const former = await requestUpload(mei, clip)
    const { id } = former.uploadSession
    await tusPatch(former, 0, clip.bytes.subarray(0, 5_000))
    const { renewUploadKey } = await mei.client.ask('renew-upload-key', { input: { uploadId: id } })
    const renewed = expectMember(renewUploadKey, 'RenewUploadKeyPayload')
    expect((await tusPatch(former, 5_000, clip.bytes.subarray(5_000))).status).toBeGreaterThanOrEqual(400)
    expect(await tusHead(renewed)).toEqual({ status: 200, offset: 5_000 })
    expect((await tusPatch(renewed, 5_000, clip.bytes.subarray(5_000))).status).toBe(204)
    expect((await uploadEnd(mei, id)).state).toBe('COMPLETED')
  })

  it.each([
    ['tone.mp3', 'audio/mp4'],
    ['photo.jpg', 'image/jpeg'],
  ] as const)('%s can be uploaded in one multipart request', async (name, sharedType) => {
    const file = await mediaFile(name)
    const { id } = await uploadByMultipart(mei, file)
    await publish(mei, { mediaIds: [id] })
    const user = await friendMoblog(jun.client, mei.handle, { first: 1 })
    const shown = user?.moblog?.posts.edges[0]?.node.media[0]
    expect(shown).toMatchObject({ id, mimeType: file.mimeType })
    const { status, headers } = await fetchBytes(shown?.access?.url ?? '')
    expect([status, headers.get('content-type')]).toEqual([200, sharedType])
    const own = await accessTo(mei.client, id)
    expect((await fetchBytes(own?.url ?? '')).sha256).toBe(file.sha256)
  })

  it('stored media can be posted and played at once', async () => {
    const photo = await mediaFile('photo.jpg')
    for (let round = 0; round < 10; round++) {
      const { id } = await uploadByMultipart(jun, photo)
      const post = await publish(jun, { mediaIds: [id] })
      const shown = (await mei.client.ask('post', { id: post.id })).post?.media[0]
      expect(shown?.access).not.toBeNull()
    }
  })

  it('pages of posts are in order, newest first, without repetition and gaps', async () => {
    const [lin] = await signUpAll(product.url, ['Lin'])
    const texts = ['one', 'two', 'three', 'four', 'five']
    for (const text of texts) await publish(lin, { text, audience: 'PUBLIC' })
    const seen: string[] = []
    let after: string | undefined
    do {
      const user = await friendMoblog(jun.client, lin.handle, { first: 2, ...(after && { after }) })
      const posts = user?.moblog?.posts
      seen.push(...(posts?.edges.map(({ node }) => node.text) ?? []))
      after = posts?.pageInfo.hasNextPage ? (posts.pageInfo.endCursor ?? undefined) : undefined
    } while (after)
    expect(seen).toEqual([...texts].reverse())
  })

  it('a post that is sent twice with the same client mutation id is published once', async () => {
    const input = { text: 'Once', clientMutationId: 'a0b1c2' }
    const first = await publish(jun, input)
    const second = await publish(jun, input)
    expect(second.id).toBe(first.id)
    const user = await friendMoblog(mei.client, jun.handle)
    expect(user?.moblog?.posts.edges.filter(({ node }) => node.text === 'Once')).toHaveLength(1)
  })
})
