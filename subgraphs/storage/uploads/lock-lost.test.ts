import { createHash } from 'node:crypto'
import pg from 'pg'
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

async function sql(text: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: storage.databaseUrl })
  await client.connect()
  return client.query(text).finally(() => client.end())
}

/** Sends the first bytes of the film and then nothing more. Resolves to the status, or null if the server cut it. */
function stall(upload: TusUpload, count: number): Promise<number | null> {
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new Uint8Array(film.subarray(0, count))),
  })
  const init = {
    method: 'PATCH',
    headers: {
      authorization: `Bearer ${upload.key}`,
      'tus-resumable': '1.0.0',
      'upload-offset': '0',
      'content-type': 'application/offset+octet-stream',
    },
    body,
    duplex: 'half' as const,
  }
  return fetch(upload.url, init).then(
    ({ status }) => status,
    () => null,
  )
}

const fileSize = async (uploadId: string) => (await storage.session(owner, uploadId)).receivedBytes

describe('an upload whose lock is lost with the database connection', () => {
  it('receives no more bytes until its client asks for the offset, and is complete in the end', async () => {
    const upload = await storage.openUpload(owner, { byteSize: film.length })
    const stalled = stall(upload, 1000)
    await eventually(async () => (await fileSize(upload.uploadId)) === 1000, 60_000)
    const { rowCount } = await sql(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'moblog storage locks' AND datname = current_database()`,
    )
    expect(rowCount).toBe(1)
    expect(await stalled).toBeNull()
    const response = await eventually(async () => {
      const answer = await tus('HEAD', upload)
      return answer.ok && answer
    }, 60_000)
    expect(response.headers.get('upload-offset')).toBe('1000')
    expect((await patch(upload, 1000, film.subarray(1000))).status).toBe(204)
    const { media } = await eventually(async () => {
      const session = await storage.session(owner, upload.uploadId)
      return session.state === 'COMPLETED' && session
    }, 60_000)
    expect(media.sha256).toBe(createHash('sha256').update(film).digest('hex'))
  })
})
