import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Upload as TusUpload, type UploadOptions } from 'tus-js-client'
import { expectMember } from '../scripts/client/client.ts'
import type { MediaFile } from '../scripts/client/media-file.ts'
import { type Person, signUpAll } from '../scripts/client/people.ts'
import { tusHead, tusPatch } from '../scripts/client/tus.ts'
import {
  type Grant,
  requestUpload,
  storedMedia,
  uploadByTus,
  uploadEnd,
  uploadSession,
} from '../scripts/client/uploads.ts'
import { eventually } from '../testing/eventually.ts'
import { mediaFile } from '../testing/product/media-files.ts'
import { MODES, type Product, startProduct } from '../testing/product/product.ts'

describe.each(MODES)('an upload over a bad network, %s', (mode) => {
  let product: Product
  let mei: Person
  let clip: MediaFile
  beforeAll(async () => {
    product = await startProduct(mode)
    ;[mei] = await signUpAll(product.url, ['Mei'])
    clip = await mediaFile('clip.mp4')
  })
  afterAll(() => product?.close())

  const half = () => Math.floor(clip.bytes.length / 2)
  const sendHalf = async (grant: Grant) => {
    expect((await tusPatch(grant, 0, clip.bytes.subarray(0, half()))).status).toBe(204)
  }
  const expectStored = async (grant: Grant) => {
    const media = storedMedia(await uploadEnd(mei, grant.uploadSession.id))
    expect(media.sha256).toBe(clip.sha256)
  }

  describe('with tus-js-client', () => {
    const send = (grant: Grant, options: Partial<UploadOptions>) =>
      new Promise<void>((resolve, reject) => {
        new TusUpload(clip.bytes, {
          headers: { authorization: `Bearer ${grant.key}` },
          chunkSize: 100_000,
          retryDelays: [0, 10],
          onSuccess: () => resolve(),
          onError: reject,
          ...options,
        }).start()
      })

    it('resumes at the address of the handshake', async () => {
      const grant = await requestUpload(mei, clip)
      await sendHalf(grant)
      await send(grant, { uploadUrl: grant.tusUrl })
      await expectStored(grant)
    })

    it('succeeds if the client creates the upload first', async () => {
      const grant = await requestUpload(mei, clip)
      const endpoint = grant.tusUrl.replace(/\/[^/]+$/, '')
      await send(grant, { endpoint, metadata: { filename: clip.name } })
      await expectStored(grant)
    })

    it('succeeds if the client sends the first bytes during creation', async () => {
      const grant = await requestUpload(mei, clip)
      const endpoint = grant.tusUrl.replace(/\/[^/]+$/, '')
      await send(grant, { endpoint, uploadDataDuringCreation: true })
      await expectStored(grant)
    })
  })

  describe('of a file that is already stored', () => {
    it('is COMPLETED at once if the same owner states its SHA-256, and takes no space twice', async () => {
      // A user without other files: preparing those would change the usage.
      const [nia] = await signUpAll(product.url, ['Nia'])
      const photo = await mediaFile('photo.jpg')
      const { id } = await uploadByTus(nia, photo)
      // The variants count toward the usage too.
      await eventually(
        async () => (await nia.client.ask('media', { id })).media?.state,
        (state) => state === 'READY',
        60_000,
      )
      const usage = async () => (await nia.client.ask('viewer', {})).viewer?.storageUsage
      const before = await usage()
      const { uploadSession: again, ...target } = await requestUpload(nia, photo, { sha256: photo.sha256 })
      expect(again).toMatchObject({ state: 'COMPLETED', media: { id } })
      expect(await usage()).toEqual(before)
      // A client that asks for the offset before it sends gets the same answer.
      expect(await tusHead(target)).toEqual({ status: 200, offset: photo.bytes.length })
    })

    it('must be sent if another user has stored it', async () => {
      const [jun] = await signUpAll(product.url, ['Jun'])
      const { uploadSession } = await requestUpload(jun, clip, { sha256: clip.sha256 })
      expect(uploadSession).toMatchObject({ state: 'REQUESTED', media: null })
    })
  })

  it('keeps its offset if its key is renewed, and refuses the former key', async () => {
    const grant = await requestUpload(mei, clip)
    await sendHalf(grant)
    const answer = await mei.client.ask('renew-upload-key', { input: { uploadId: grant.uploadSession.id } })
    const renewed = expectMember(answer.renewUploadKey, 'RenewUploadKeyPayload')
    expect(await tusHead(grant)).toMatchObject({ status: 401 })
    const target = { tusUrl: renewed.tusUrl, key: renewed.key }
    expect(await tusHead(target)).toEqual({ status: 200, offset: half() })
    expect((await tusPatch(target, half(), clip.bytes.subarray(half()))).status).toBe(204)
    await expectStored(grant)
  })

  it('uses no processor time and does not block the next attempt while its connection is stalled', async () => {
    const grant = await requestUpload(mei, clip)
    const { hostname, port, pathname } = new URL(grant.tusUrl)
    const stalled = connect(Number(port), hostname)
    stalled.on('error', () => {})
    const lines = [
      `PATCH ${pathname} HTTP/1.1`,
      `Host: ${hostname}`,
      `Authorization: Bearer ${grant.key}`,
      'Tus-Resumable: 1.0.0',
      'Upload-Offset: 0',
      'Content-Type: application/offset+octet-stream',
      `Content-Length: ${clip.bytes.length}`,
    ]
    stalled.write(`${lines.join('\r\n')}\r\n\r\n`)
    stalled.write(clip.bytes.subarray(0, 1_000))
    const { id } = grant.uploadSession
    await eventually(
      async () => (await uploadSession(mei, id)).receivedBytes,
      (bytes) => bytes === 1_000,
    )

    const { pid } = product.program('storage')
    const before = processorSeconds(pid)
    await sleep(1_000)
    // Busy waiting for the lock would take a whole second.
    expect(processorSeconds(pid) - before).toBeLessThan(0.5)

    const began = performance.now()
    expect(await tusHead(grant)).toEqual({ status: 200, offset: 1_000 })
    expect((await tusPatch(grant, 1_000, clip.bytes.subarray(1_000))).status).toBe(204)
    expect(performance.now() - began).toBeLessThan(5_000)
    stalled.destroy()
    await expectStored(grant)
  })
})

/**
 * Returns how many seconds of processor time a process has used (proc(5): utime and stime, in hundredths of a second).
 */
function processorSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}
