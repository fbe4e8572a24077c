import { downloadFile } from './download.ts'
import { DownloadRefused } from './refusal.ts'

const FILE = Uint8Array.from({ length: 2_000 }, (_, index) => (index * 31) % 251)
const CUT_AFTER = 700

type Step = 'SEND' | 'CUT' | 'REFUSE' | 'BUSY'

describe('a download', () => {
  const realFetch = globalThis.fetch
  /** What the server does with the next requests; then it sends everything. */
  let plan: Step[]
  let asked: (string | null)[]
  let caches: (RequestCache | undefined)[]

  beforeEach(() => {
    plan = []
    asked = []
    caches = []
    globalThis.fetch = async (_url, init) => {
      caches.push(init?.cache)
      return answer(plan.shift() ?? 'SEND', new Headers(init?.headers))
    }
  })
  afterEach(() => {
    globalThis.fetch = realFetch
  })

  function answer(step: Step, headers: Headers): Response {
    const range = headers.get('range')
    asked.push(range)
    if (step === 'REFUSE') return new Response(null, { status: 403 })
    if (step === 'BUSY') return new Response(null, { status: 503 })
    const isPart = range !== null && headers.get('if-range') === '"1"'
    const bytes = FILE.slice(isPart ? Number(/\d+/.exec(range)?.[0]) : 0)
    const parts = [bytes.slice(0, 300), bytes.slice(300, CUT_AFTER), bytes.slice(CUT_AFTER)]
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        const part = parts.shift()
        if (parts.length === 0 && step === 'CUT') controller.error(new TypeError('cut'))
        else if (part) controller.enqueue(part)
        else controller.close()
      },
    })
    return new Response(body, {
      status: isPart ? 206 : 200,
      headers: { etag: '"1"', 'content-length': `${bytes.length}`, 'content-type': 'video/mp4' },
    })
  }

  const download = (progress: number[] = []) =>
    downloadFile(
      () => 'https://m.example/v/a/id/progressive',
      ({ received }) => progress.push(received),
      new AbortController().signal,
      1,
    )
  const bytesOf = async (blob: Blob) => new Uint8Array(await blob.arrayBuffer())

  it('reports its progress and has all bytes and the type', async () => {
    const progress: number[] = []
    const blob = await download(progress)
    expect(await bytesOf(blob)).toEqual(FILE)
    expect(blob.type).toBe('video/mp4')
    expect(progress).toEqual([0, 300, CUT_AFTER, FILE.length, FILE.length].slice(0, progress.length))
    expect(progress.at(-1)).toBe(FILE.length)
  })

  it('continues where it was when the connection breaks, also several times', async () => {
    plan = ['CUT', 'CUT']
    expect(await bytesOf(await download())).toEqual(FILE)
    expect(asked).toEqual([null, 'bytes=700-', 'bytes=1400-'])
  })

  it('asks the server also for what the browser has kept, as the right to it may have ended', async () => {
    plan = ['CUT']
    await download()
    expect(caches).toEqual(['no-store', 'no-store'])
  })

  it('waits for a server that is busy', async () => {
    plan = ['BUSY', 'BUSY']
    expect((await download()).size).toBe(FILE.length)
  })

  it('ends at once if the server refuses it', async () => {
    plan = ['CUT', 'REFUSE']
    await expect(download()).rejects.toThrow(DownloadRefused)
    expect(asked).toHaveLength(2)
  })

  it('gives up on a server that stays busy', async () => {
    plan = Array(20).fill('BUSY')
    await expect(download()).rejects.toThrow('status 503')
    expect(asked).toHaveLength(5)
  })
})
