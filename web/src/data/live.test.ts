import { eventually } from '../../../testing/eventually.ts'
import { memoryIndexedDb } from '../../test/memory-database.ts'
import { memoryStorage } from '../../test/memory-storage.ts'

Object.assign(globalThis, {
  document: { baseURI: 'https://moblog.test/' },
  localStorage: memoryStorage(),
  ...memoryIndexedDb(),
  addEventListener() {},
  removeEventListener() {},
})

const { openClient } = await import('./client.ts')
const { openOutbox } = await import('./outbox.ts')
const { receiveNotifications } = await import('./live.ts')
const { writeSession } = await import('./session-store.ts')

describe('the stream of notifications', () => {
  const { fetch: realFetch } = globalThis
  afterAll(() => {
    globalThis.fetch = realFetch
  })

  it('is closed without an unhandled rejection when the server says that the session has ended', async () => {
    let signal: AbortSignal | null | undefined
    globalThis.fetch = async (_input, init) => {
      const { query } = JSON.parse(String(init?.body))
      if (!query.startsWith('subscription')) return Response.json({ data: { viewer: null } })
      signal = init?.signal
      return new Response(streamOf({ data: null, errors: [{ message: 'The session has ended.' }] }, signal), {
        headers: { 'content-type': 'text/event-stream' },
      })
    }
    writeSession({
      userId: 'mei',
      handle: 'mei',
      displayName: 'Mei',
      accessToken: 'token',
      refreshToken: 'refresh',
      expiresAt: new Date(Date.now() + 600_000).toISOString(),
    })
    openClient('mei', openOutbox('mei'), () => {})
    const end = receiveNotifications(() => {})
    await eventually(() => signal?.aborted === true)
    end()
    // Jest fails a test with an unhandled rejection, which Node tells after the microtasks.
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(signal?.aborted).toBe(true)
  })
})

/** A body that stays open after its first event, and breaks when its request is aborted, as in a browser. */
function streamOf(event: object, signal: AbortSignal | null | undefined): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(`event: next\ndata: ${JSON.stringify(event)}\n\n`))
      signal?.addEventListener('abort', () => controller.error(signal.reason))
    },
  })
}
