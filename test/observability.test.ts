import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { publish } from '../scripts/client/moblogs.ts'
import { operationText } from '../scripts/client/operations.ts'
import { befriend, type Person, signUpAll } from '../scripts/client/people.ts'
import { tusPatch } from '../scripts/client/tus.ts'
import { requestUpload, storedMedia, uploadEnd } from '../scripts/client/uploads.ts'
import { eventually } from '../testing/eventually.ts'
import { mediaFile } from '../testing/product/media-files.ts'
import { BOTH_MODES, type Product, startProduct } from '../testing/product/product.ts'
import { type ReceivedSpan, type SpanReceiver, startSpanReceiver } from '../testing/product/span-receiver.ts'

const line = z.looseObject({
  level: z.string(),
  service: z.string(),
  msg: z.string(),
  requestId: z.string().optional(),
})

const answer = z.object({ errors: z.array(z.unknown()).optional() })

type Line = z.infer<typeof line>

const newTrace = () => ({ traceId: randomBytes(16).toString('hex'), spanId: randomBytes(8).toString('hex') })

const headerOf = ({ traceId, spanId }: ReturnType<typeof newTrace>) => `00-${traceId}-${spanId}-01`

describe.each(BOTH_MODES)('an operator follows a request, %s', (mode) => {
  const isApart = mode === 'in four processes'
  let product: Product
  let receiver: SpanReceiver
  let mei: Person
  let jun: Person
  let mediaId: string
  let uploadKey: string
  const uploadTrace = newTrace()

  const output = () =>
    product
      .programs()
      .map((program) => program.output())
      .join('\n')
  const lines = (): Line[] =>
    output()
      .split('\n')
      .filter((text) => text.startsWith('{') && text.endsWith('}'))
      .map((text) => line.parse(JSON.parse(text)))
  const linesOf = (requestId: string) => lines().filter((each) => each.requestId === requestId)
  const spansOf = ({ traceId }: { traceId: string }) =>
    receiver.spans().filter((span) => span.traceId === traceId)

  /** The names of a span and of the spans around it, the innermost first. */
  const ancestry = (span: ReceivedSpan | undefined): string[] =>
    span
      ? [
          `${span.service} ${span.name}`,
          ...ancestry(receiver.spans().find(({ spanId }) => spanId === span.parentSpanId)),
        ]
      : []

  beforeAll(async () => {
    receiver = await startSpanReceiver()
    product = await startProduct(mode, {
      env: {
        // The lines of requests between services have this level.
        LOG_LEVEL: 'debug',
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
        OTEL_BSP_SCHEDULE_DELAY: '100',
      },
    })
    ;[mei, jun] = await signUpAll(product.url, ['Mei', 'Jun'])
    await befriend(mei, jun)
    const clip = await mediaFile('clip.mp4')
    const grant = await requestUpload(mei, clip)
    uploadKey = grant.key
    await tusPatch(grant, 0, clip.bytes, {
      traceparent: headerOf(uploadTrace),
      'x-request-id': `upload-${mode.length}`,
    })
    mediaId = storedMedia(await uploadEnd(mei, grant.uploadSession.id)).id
    await publish(mei, { text: 'A text that belongs into no log', mediaIds: [mediaId] })
  })
  afterAll(async () => {
    await product?.close()
    await receiver?.close()
  })

  async function visit(headers: Record<string, string>, token = jun.accessToken) {
    const response = await fetch(product.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
      body: JSON.stringify({ query: operationText('friend-moblog'), variables: { handle: mei.handle } }),
    })
    return {
      requestId: response.headers.get('x-request-id') ?? '',
      body: answer.parse(await response.json()),
    }
  }

  it('by the request id of the client, which the response and the lines of all services have', async () => {
    const { requestId, body } = await visit({ 'x-request-id': 'client-1' })
    expect(body.errors).toBeUndefined()
    expect(requestId).toBe('client-1')
    const [operation, ...others] = await eventually(
      () => linesOf('client-1').filter(({ msg }) => msg === 'operation'),
      (found) => found.length > 0,
    )
    expect(others).toEqual([])
    expect(operation).toMatchObject({
      level: 'info',
      service: 'gateway',
      operation: 'FriendMoblog',
      type: 'query',
      outcome: 'ok',
      status: 200,
      viewerId: jun.id,
      documentHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      durationMs: expect.any(Number),
      subgraphs: {
        communication: { calls: expect.any(Number), ms: expect.any(Number) },
        blog: { calls: expect.any(Number), ms: expect.any(Number) },
      },
    })
    if (isApart) {
      const routes = await eventually(
        () => linesOf('client-1').filter(({ msg, service }) => msg === 'request' && service !== 'gateway'),
        (found) => new Set(found.map(({ service }) => service)).size >= 2,
      )
      expect(routes).toContainEqual(expect.objectContaining({ service: 'blog', route: '/graphql' }))
    }
  })

  it('by a new request id if the one of the client is not safe to log', async () => {
    const { requestId } = await visit({ 'x-request-id': mei.accessToken })
    expect(requestId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/)
  })

  it('by the request id in the errors of a response', async () => {
    const { body, requestId } = await visit({}, 'not a token')
    expect(body.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED', requestId } }])
    await eventually(() =>
      expect(linesOf(requestId)).toContainEqual(
        expect.objectContaining({ msg: 'operation', outcome: 'failed', codes: ['UNAUTHENTICATED'] }),
      ),
    )
  })

  it('by the request id in an event stream, which has one line when it has ended', async () => {
    const subscribe = (headers: Record<string, string>, signal?: AbortSignal) =>
      fetch(product.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
        body: JSON.stringify({ query: 'subscription Live { notificationReceived { __typename } }' }),
        ...(signal && { signal }),
      })
    const refused = await subscribe({ 'x-request-id': 'stream-1' })
    expect(await refused.text()).toContain('"requestId":"stream-1"')

    const leaving = new AbortController()
    const authorization = `Bearer ${jun.accessToken}`
    const stream = await subscribe({ authorization, 'x-request-id': 'stream-2' }, leaving.signal)
    await stream.body?.getReader().read()
    leaving.abort()
    const ended = {
      msg: 'operation',
      operation: 'Live',
      type: 'subscription',
      outcome: 'ok',
      viewerId: jun.id,
    }
    await eventually(() => expect(linesOf('stream-2')).toContainEqual(expect.objectContaining(ended)))
  })

  it('without finding tokens, keys or texts in the log', async () => {
    const { access } = (await jun.client.ask('media', { id: mediaId })).media ?? {}
    await fetch(access?.url ?? '').then((response) => response.arrayBuffer())
    const delivered = await eventually(
      () => lines().filter((each) => each.route === '/v/*'),
      (found) => found.length > 0,
    )
    expect(delivered[0]).toMatchObject({ msg: 'request', method: 'GET', status: expect.any(Number) })
    expect(delivered[0]?.bytes).toBeGreaterThan(100)
    const everything = output()
    for (const secret of [mei.accessToken, jun.accessToken, uploadKey, access?.token ?? 'no token']) {
      expect(everything).not.toContain(secret)
    }
    expect(everything).not.toContain('A text that belongs into no log')
    expect(everything).not.toContain('query FriendMoblog')
  })

  it('in a trace from the client through the gateway and the subgraphs to the SQL statements', async () => {
    const trace = newTrace()
    await visit({ traceparent: headerOf(trace) })
    const root = () => spansOf(trace).find(({ name }) => name === 'query FriendMoblog')
    const statements = () =>
      spansOf(trace)
        .filter(({ name }) => /^(SELECT|WITH|INSERT|UPDATE)\b/.test(name))
        .map(ancestry)
    const inBlog = isApart
      ? 'blog POST /graphql, gateway subgraph blog, gateway query FriendMoblog'
      : 'moblog subgraph blog, moblog query FriendMoblog'
    // Each process sends its spans at another time. No statement is outside of the request.
    await eventually(
      statements,
      (found) =>
        found.some(([, ...above]) => above.join(', ') === inBlog) &&
        found.every((names) => names.at(-1)?.endsWith('query FriendMoblog')),
      20_000,
    )
    expect(root()).toMatchObject({ service: isApart ? 'gateway' : 'moblog', parentSpanId: trace.spanId })
    const calls = spansOf(trace).filter(({ name }) => name.startsWith('subgraph '))
    expect(new Set(calls.map(({ name }) => name))).toEqual(
      new Set(['subgraph blog', 'subgraph communication', 'subgraph storage']),
    )
    expect(new Set(calls.map(({ parentSpanId }) => parentSpanId))).toEqual(new Set([root()?.spanId]))
  })

  it('in a trace from the last byte of an upload to the jobs that make its renditions', async () => {
    // The span of a job is sent when the job has ended.
    const chain = await eventually(
      () => ancestry(spansOf(uploadTrace).find(({ name }) => name === 'ffmpeg')),
      (names) => names.at(-1)?.endsWith('PATCH /uploads/*') === true,
      100_000,
    )
    expect(chain[0]).toMatch(/ ffmpeg$/)
    expect(chain[1]).toMatch(/ deliver renditions-/)
    const spans = spansOf(uploadTrace)
    expect(spans.find(({ name }) => name === 'PATCH /uploads/*')?.parentSpanId).toBe(uploadTrace.spanId)
    expect(spans.map(({ name }) => name)).toContain('ffprobe')
    expect(linesOf(`upload-${mode.length}`)).toContainEqual(
      expect.objectContaining({ msg: 'request', method: 'PATCH', route: '/uploads/*', status: 204 }),
    )
  })
})
