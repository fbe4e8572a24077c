import { setTimeout as sleep } from 'node:timers/promises'
import { friendMoblog, newestAccess, publish } from '../scripts/client/moblogs.ts'
import { befriend, type Person, signUp, signUpAll } from '../scripts/client/people.ts'
import { tusHead, tusPatch } from '../scripts/client/tus.ts'
import { requestUpload, uploadByTus, uploadEnd } from '../scripts/client/uploads.ts'
import { eventually } from '../testing/eventually.ts'
import { fetchBytes } from '../testing/product/bytes.ts'
import { mediaFile } from '../testing/product/media-files.ts'
import { MODES, type Product, startProduct } from '../testing/product/product.ts'

const SHORT = {
  MEDIA_TOKEN_SECONDS: '2',
  MEDIA_TOKEN_SLACK_SECONDS: '0.1',
  PAGE_TOKEN_SECONDS: '2',
  UPLOAD_KEY_SECONDS: '2',
}

const until = (instant: string) => sleep(Math.max(0, Date.parse(instant) - Date.now()) + 50)

describe.each(MODES)('the expiry of tokens, %s', (mode) => {
  let product: Product
  let mei: Person
  let jun: Person

  beforeAll(async () => {
    product = await startProduct(mode, { env: SHORT })
    ;[mei, jun] = await signUpAll(product.url, ['Mei', 'Jun'])
    await befriend(mei, jun)
  })
  afterAll(() => product?.close())

  it('ends media tokens and page tokens at expiresAt, and a new query returns new tokens', async () => {
    const { id } = await readyPhoto(mei)
    await publish(mei, { mediaIds: [id] })
    const page = (await friendMoblog(jun.client, mei.handle))?.moblog?.access
    const former = await newestAccess(jun.client, mei)
    expect((await fetchBytes(former.url)).status).toBe(200)
    expect((await fetchBytes(page?.url ?? '')).status).toBe(200)
    await until(former.expiresAt)
    await until(page?.expiresAt ?? '')
    expect((await fetchBytes(former.url)).status).toBeGreaterThanOrEqual(401)
    expect((await fetchBytes(page?.url ?? '')).status).toBeGreaterThanOrEqual(401)
    const renewed = await newestAccess(jun.client, mei)
    expect((await fetchBytes(renewed.url)).status).toBe(200)
  })

  /** Uploads a photo and waits for its shared copy, which may take longer than a token is valid. */
  async function readyPhoto(owner: Person): Promise<{ id: string }> {
    const { id } = await uploadByTus(owner, await mediaFile('photo.jpg'))
    await eventually(
      async () => (await owner.client.ask('media', { id })).media?.state,
      (state) => state === 'READY',
      60_000,
    )
    return { id }
  }

  it('allows caching: queries within a short time return the same address', async () => {
    const { id } = await readyPhoto(mei)
    await publish(mei, { mediaIds: [id] })
    // A window is a fifth of the token's lifetime. Most of six requests at the same time fall into one window.
    const addresses = await Promise.all(
      Array.from({ length: 6 }, async () => (await newestAccess(jun.client, mei)).url),
    )
    expect(new Set(addresses).size).toBeLessThanOrEqual(2)
  })

  it('ends an upload key, and a renewed key continues at the same offset', async () => {
    const clip = await mediaFile('clip.mp4')
    const former = await requestUpload(mei, clip)
    await tusPatch(former, 0, clip.bytes.subarray(0, 5_000))
    await until(former.keyExpiresAt)
    expect((await tusHead(former)).status).toBeGreaterThanOrEqual(401)
    expect((await tusPatch(former, 5_000, clip.bytes.subarray(5_000))).status).toBeGreaterThanOrEqual(401)
    const { renewUploadKey } = await mei.client.ask('renew-upload-key', {
      input: { uploadId: former.uploadSession.id },
    })
    if (renewUploadKey.__typename !== 'RenewUploadKeyPayload') throw new Error(renewUploadKey.message)
    expect(await tusHead(renewUploadKey)).toEqual({ status: 200, offset: 5_000 })
    await tusPatch(renewUploadKey, 5_000, clip.bytes.subarray(5_000))
    expect((await uploadEnd(mei, former.uploadSession.id)).state).toBe('COMPLETED')
  })
})

// Only the gateway deals with sessions, so the mode does not matter.
it('an expired access token gets 401, so that the client refreshes its session', async () => {
  const product = await startProduct('in one process', { env: { SESSION_TOKEN_SECONDS: '2' } })
  try {
    const mei = await signUp(product.url, 'Mei')
    expect((await mei.client.ask('viewer', {})).viewer?.id).toBe(mei.id)
    await sleep(2_050)
    const { status, errors } = await mei.client.send('viewer', {})
    expect({ status, code: errors[0]?.extensions?.code }).toEqual({ status: 401, code: 'UNAUTHENTICATED' })
  } finally {
    await product.close()
  }
})
