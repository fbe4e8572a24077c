import { createHash } from 'node:crypto'
import { newId } from '../../../platform/ids.ts'
import { eventually } from '../../../testing/eventually.ts'
import { openClips } from '../../../testing/storage/clips.ts'
import {
  patch,
  startTestStorage,
  type TestStorage,
  type TusUpload,
  tus,
} from '../../../testing/storage/storage.ts'
import { createRunningDigests } from './running-digests.ts'

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

describe('the SHA-256 of stored media', () => {
  let clips: Awaited<ReturnType<typeof openClips>>
  let storage: TestStorage
  let film: Buffer
  const owner = newId()

  beforeAll(async () => {
    clips = await openClips()
    film = await clips.bytes('film.mp4')
    storage = await startTestStorage()
  })
  afterAll(async () => {
    await storage.stop()
    await clips.remove()
  })

  const rest = (upload: TusUpload, from: number) => patch(upload, from, film.subarray(from))
  const broken = () => Buffer.from(film.subarray(1000, 2000)).fill(1)

  it.each<[string, (upload: TusUpload) => Promise<unknown>]>([
    ['one chunk', (upload) => rest(upload, 0)],
    [
      'several chunks',
      async (upload) => {
        await patch(upload, 0, film.subarray(0, 1000))
        await patch(upload, 1000, film.subarray(1000, 2000))
        await rest(upload, 2000)
      },
    ],
    [
      'a repeated chunk after a checksum mismatch',
      async (upload) => {
        await patch(upload, 0, film.subarray(0, 1000))
        const digest = createHash('sha1').update(film.subarray(1000, 2000)).digest('base64')
        const headers = { 'upload-checksum': `sha1 ${digest}` }
        expect((await patch(upload, 1000, broken(), headers)).status).toBe(460)
        await patch(upload, 1000, film.subarray(1000, 2000), headers)
        await rest(upload, 2000)
      },
    ],
    [
      'a cut connection',
      async (upload) => {
        const cut = new AbortController()
        const part = new ReadableStream({
          start: (controller) => controller.enqueue(new Uint8Array(film.subarray(0, 1500))),
        })
        const sending = fetch(upload.url, {
          method: 'PATCH',
          headers: {
            authorization: `Bearer ${upload.key}`,
            'tus-resumable': '1.0.0',
            'upload-offset': '0',
            'content-type': 'application/offset+octet-stream',
          },
          body: part,
          duplex: 'half',
          signal: cut.signal,
        } as RequestInit)
        const offset = async () => Number((await tus('HEAD', upload)).headers.get('upload-offset'))
        setTimeout(() => cut.abort(), 200)
        await sending.catch(() => {})
        await eventually(async () => (await offset()) === 1500, 60_000)
        await rest(upload, 1500)
      },
    ],
    [
      'a restart of the service',
      async (upload) => {
        await patch(upload, 0, film.subarray(0, 1000))
        await storage.restart()
        const url = `${storage.address()}${new URL(upload.url).pathname}`
        await rest({ ...upload, url }, 1000)
      },
    ],
  ])('is right after %s', async (_name, send) => {
    const upload = await storage.openUpload(owner, { byteSize: film.length })
    await send(upload)
    const { media } = await eventually(async () => {
      const session = await storage.session(owner, upload.uploadId)
      return session.state === 'COMPLETED' && session
    }, 60_000)
    expect(media.sha256).toBe(sha256(film))
  })
})

describe('a running digest', () => {
  const bytes = Buffer.from('some bytes')

  it('is known if all bytes arrived without interruption', () => {
    const digests = createRunningDigests()
    digests.keep('a', 4, (digests.take('a', 0) ?? fail()).update(bytes.subarray(0, 4)))
    digests.keep('a', bytes.length, (digests.take('a', 4) ?? fail()).update(bytes.subarray(4)))
    expect(digests.finish('a', bytes.length)).toBe(sha256(bytes))
    expect(digests.finish('a', bytes.length)).toBeNull()
  })

  it('is unknown after an interruption, for another length and for other uploads', () => {
    const digests = createRunningDigests()
    digests.take('broken off', 0)?.update(bytes)
    expect(digests.finish('broken off', bytes.length)).toBeNull()
    digests.keep('a', 4, digests.take('a', 0) ?? fail())
    expect(digests.take('a', 5)).toBeNull()
    expect(digests.take('a', 4)).toBeNull()
    expect(digests.finish('elsewhere', 4)).toBeNull()
  })

  it('is unknown if another process has written to the file since', () => {
    const digests = createRunningDigests()
    const [kept, later] = [new Date(1_000), new Date(2_000)]
    digests.keep('a', 4, digests.take('a', 0) ?? fail(), kept)
    expect(digests.take('a', 4, later)).toBeNull()
    digests.keep('a', 4, digests.take('a', 0) ?? fail(), kept)
    expect(digests.finish('a', 4, later)).toBeNull()
    digests.keep('a', 4, digests.take('a', 0) ?? fail(), kept)
    expect(digests.finish('a', 4, kept)).not.toBeNull()
  })
})

function fail(): never {
  throw new Error('the running digest is unknown')
}
