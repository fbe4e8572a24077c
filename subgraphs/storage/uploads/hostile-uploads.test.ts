import { createHash } from 'node:crypto'
import { connect } from 'node:net'
import { newId } from '../../../platform/ids.ts'
import { eventually } from '../../../testing/eventually.ts'
import { openClips } from '../../../testing/storage/clips.ts'
import { patch, startTestStorage, type TestStorage, tus } from '../../../testing/storage/storage.ts'

let storage: TestStorage
let film: Buffer

beforeAll(async () => {
  const clips = await openClips()
  film = await clips.bytes('film.mp4')
  await clips.remove()
  storage = await startTestStorage()
})

afterAll(() => storage.stop())

// Each by another user, because the free space has to be enough for all unfinished uploads of one.
const open = (byteSize: number | null = film.length) => storage.openUpload(newId(), { byteSize })
type Opened = Awaited<ReturnType<typeof open>>
const offsetOf = async (upload: Opened) => (await tus('HEAD', upload)).headers.get('upload-offset')

/** Sends a request exactly as written. Returns the status, null if the connection is closed without an answer. */
function raw(upload: Opened, lines: readonly string[], body: string | Buffer = '', isCutOff = false) {
  const { hostname, port, pathname } = new URL(upload.url)
  const head = [
    `PATCH ${pathname} HTTP/1.1`,
    `Host: ${hostname}`,
    `Authorization: Bearer ${upload.key}`,
    'Tus-Resumable: 1.0.0',
    'Content-Type: application/offset+octet-stream',
    'Connection: close',
    ...lines,
  ]
  return new Promise<number | null>((resolve) => {
    const socket = connect(Number(port), hostname)
    let answer = ''
    socket.on('error', () => {})
    socket.on('data', (data) => {
      answer += data
    })
    socket.once('close', () => {
      const statuses = [...answer.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status))
      resolve(statuses.findLast((status) => status !== 100) ?? null)
    })
    socket.write(`${head.join('\r\n')}\r\n\r\n`)
    socket.write(body)
    // Node discards what has arrived if the connection ends before the service reads it, so give a busy machine time.
    if (isCutOff) setTimeout(() => socket.destroy(), 2_000)
  })
}

describe('an invalid header', () => {
  it.each([
    ['upload-offset', '-1'],
    ['upload-offset', '1e3'],
    ['upload-offset', '0.5'],
    ['upload-offset', '0x10'],
    ['upload-offset', '99999999999999999999'],
    ['upload-offset', '0, 0'],
    ['upload-length', '-5'],
    ['upload-length', '1.5'],
    ['upload-length', 'Infinity'],
    ['upload-length', '9'.repeat(40)],
    ['upload-checksum', 'sha1'],
    ['upload-checksum', `sha1 ${'A'.repeat(60)}`],
    ['content-type', 'application/offset+octet-stream; charset=x'],
    ['content-type', 'text/html'],
  ])('%s: %s is refused without writing anything', async (name, value) => {
    const upload = await open(null)
    const { status } = await patch(upload, 0, Buffer.from('abc'), { [name]: value })
    expect([400, 415]).toContain(status)
    expect(await offsetOf(upload)).toBe('0')
  })

  it('of a creation request is refused without changing the upload', async () => {
    const upload = await open(null)
    for (const value of ['-1', '1.5', '1e9', '', '9'.repeat(30), 'NaN']) {
      const response = await fetch(`${storage.address()}/uploads`, {
        method: 'POST',
        headers: { authorization: `Bearer ${upload.key}`, 'tus-resumable': '1.0.0', 'upload-length': value },
      })
      expect(response.status).toBe(400)
    }
    expect((await tus('HEAD', upload)).headers.get('upload-defer-length')).toBe('1')
  })
})

describe('an invalid body', () => {
  it('that is longer than its Content-Length is written up to that length at most', async () => {
    const upload = await open()
    const lines = ['Upload-Offset: 0', 'Content-Length: 3']
    // Node's parser does not accept bytes after the last request of a connection as a request.
    expect([204, 400]).toContain(await raw(upload, lines, 'abcPATCH / HTTP/1.1\r\n\r\n'))
    expect(['0', '3']).toContain(await offsetOf(upload))
  })

  it('that is cut off is kept up to the cut, with a Content-Length and with chunks', async () => {
    const [sized, chunked] = [await open(), await open()]
    await raw(sized, ['Upload-Offset: 0', 'Content-Length: 1000'], 'abcd', true)
    await raw(chunked, ['Upload-Offset: 0', 'Transfer-Encoding: chunked'], '4\r\nabcd\r\n10\r\nef', true)
    await eventually(async () => (await offsetOf(sized)) === '4', 60_000)
    await eventually(async () => (await offsetOf(chunked)) === '6', 60_000)
    expect((await patch(sized, 4, film.subarray(4))).status).toBe(204)
  })

  it('that is longer than announced is refused when it is sent in chunks', async () => {
    const upload = await open(5)
    const status = await raw(
      upload,
      ['Upload-Offset: 0', 'Transfer-Encoding: chunked'],
      'a\r\n0123456789\r\n0\r\n\r\n',
    )
    expect(status).toBe(413)
    expect(Number(await offsetOf(upload))).toBeLessThanOrEqual(5)
  })

  it('with two lengths, or with a length and chunks, is refused', async () => {
    const upload = await open()
    const twice = ['Upload-Offset: 0', 'Content-Length: 3', 'Content-Length: 4']
    expect(await raw(upload, twice, 'abcd')).toBe(400)
    const both = ['Upload-Offset: 0', 'Content-Length: 3', 'Transfer-Encoding: chunked']
    expect(await raw(upload, both, '3\r\nabc\r\n0\r\n\r\n')).toBe(400)
    expect(await offsetOf(upload)).toBe('0')
  })

  it('is accepted after Expect: 100-continue', async () => {
    const upload = await open()
    expect(await raw(upload, ['Upload-Offset: 0', 'Content-Length: 3', 'Expect: 100-continue'], 'abc')).toBe(
      204,
    )
    expect(await offsetOf(upload)).toBe('3')
  })
})

describe('several simultaneous requests', () => {
  it('write at the same offset only once and do not mix their bytes', async () => {
    const upload = await open()
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => patch(upload, 0, film).catch(() => null)),
    )
    expect(answers.filter((answer) => answer?.status === 204)).toHaveLength(1)
    const session = await eventually(async () => {
      const found = await storage.session(upload.ownerId, upload.uploadId)
      return found.state === 'COMPLETED' && found
    }, 60_000)
    expect(session.media.sha256).toBe(createHash('sha256').update(film).digest('hex'))
  })
})

describe('an upload key', () => {
  it('is refused for another upload, whatever the spelling of its address', async () => {
    const [mine, other] = [await open(), await open()]
    const { pathname } = new URL(other.url)
    for (const path of [
      pathname,
      pathname.toUpperCase(),
      `${pathname}/`,
      `${pathname}%00`,
      `/uploads/./${other.uploadId}`,
      `/uploads//${other.uploadId}`,
      `/uploads/${mine.uploadId}/../${other.uploadId}`,
      `/uploads/${mine.uploadId}%2f..%2f${other.uploadId}`,
    ]) {
      const { status } = await patch(
        { key: mine.key, url: `${storage.address()}${path}` },
        0,
        Buffer.from('x'),
      )
      expect([401, 404]).toContain(status)
    }
    expect(await offsetOf(other)).toBe('0')
  })
})
