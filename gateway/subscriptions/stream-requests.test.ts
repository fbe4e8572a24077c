import { unauthenticated, unavailable } from '../../platform/errors.ts'
import { eventually } from '../../testing/eventually.ts'
import { startTestStreams, type TestStreams } from '../../testing/gateway/streams.ts'

let streams: TestStreams
beforeEach(async () => {
  streams = await startTestStreams()
})
afterEach(() => streams.stop())

describe('the streams of one user', () => {
  const open = async (headers?: Record<string, string>) => {
    const stream = await streams.subscribe(headers)
    await eventually(() => stream.position() !== undefined, 2_000)
    return stream
  }

  it('are limited to sixteen: one more closes the oldest with an error, and the others continue', async () => {
    const own = []
    for (let i = 0; i < 16; i++) own.push(await open())
    const others = await open({ authorization: 'Bearer bob' })
    expect(own.some((stream) => stream.isOver())).toBe(false)
    own.push(await open())
    const [oldest, ...rest] = own
    await eventually(() => oldest?.isOver() ?? false, 2_000)
    expect(oldest?.text()).toMatch('"code":"RATE_LIMITED"')
    expect(oldest?.text()).toMatch('event: complete')
    streams.publish('a')
    await eventually(() => rest.every((stream) => stream.ids().length === 1), 2_000)
    expect([...rest, others].some((stream) => stream.isOver())).toBe(false)
  })

  it('do not count after they end, or if the operation is not a subscription', async () => {
    const first = await open()
    for (let i = 0; i < 40; i++) {
      const stream = await open()
      stream.response.destroy()
      await eventually(() => stream.isOver(), 2_000)
      await streams.subscribe(undefined, JSON.stringify({ query: '{ viewer { id } }' }))
    }
    expect(first.isOver()).toBe(false)
  })
})

describe('a request for a stream', () => {
  const fetched = async (init: RequestInit, search = '') => {
    const response = await fetch(`${streams.url}${search}`, {
      ...init,
      headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
    })
    type Refusal = { message: string; extensions: { code: string; requestId: string } }
    const { errors } = (await response.json()) as { errors: Refusal[] }
    const { requestId, ...extensions } = errors[0]?.extensions ?? {}
    expect(requestId).toBe(response.headers.get('x-request-id'))
    return { status: response.status, ...extensions }
  }

  it.each([
    ['of 10 MB', 413, { method: 'POST', body: JSON.stringify({ query: 'x'.repeat(10_000_000) }) }, ''],
    ['that is not JSON', 400, { method: 'POST', body: '{' }, ''],
    [
      'with variables that are not an object',
      400,
      { method: 'POST', body: '{"query":"{a}","variables":3}' },
      '',
    ],
    ['with another method', 400, { method: 'PUT', body: '{}' }, ''],
    ['that sends a mutation with GET', 400, {}, '?query=mutation%7BsignOut%7Buser%7Bid%7D%7D%7D'],
  ])('is refused if it is one %s', async (_what, status, init, search) => {
    expect(await fetched(init, search)).toEqual({ status, code: 'BAD_REQUEST' })
  })

  it.each([
    ['an unknown operation', { query: 'query A { a }', operationName: 'B' }],
    ['an operation without a name', { query: 'query A { a }', operationName: '' }],
    ['none of several operations', { query: 'query A { a } subscription B { b }' }],
  ])('is refused if it names %s', async (_what, body) => {
    expect(await fetched({ method: 'POST', body: JSON.stringify(body) })).toEqual({
      status: 400,
      code: 'OPERATION_RESOLUTION_FAILURE',
    })
  })

  it('is answered with 503 if the token cannot be verified, and with 401 if it is invalid', async () => {
    streams.world.refusal = unavailable('The identity provider does not answer.')
    expect(await fetched({ method: 'POST', body: '{}' })).toEqual({
      status: 503,
      code: 'SERVICE_UNAVAILABLE',
    })
    streams.world.refusal = unauthenticated('No.')
    expect(await fetched({ method: 'POST', body: '{}' })).toEqual({ status: 401, code: 'UNAUTHENTICATED' })
  })
})

it.each([
  ['on the field', 'subscription ($on: Boolean!) { notificationReceived @include(if: $on) { id } }'],
  ['on a fragment', 'subscription ($on: Boolean!) { ... @skip(if: $on) { notificationReceived { id } } }'],
  [
    'in a fragment',
    'subscription { ...F } fragment F on Subscription { notificationReceived @skip(if: false) { id } }',
  ],
])('a subscription with a condition %s is refused with a code', async (_where, query) => {
  const body = JSON.stringify({ query, variables: { on: true } })
  const stream = await streams.subscribe(undefined, body)
  await eventually(() => stream.isOver(), 2_000)
  expect(stream.text()).toContain('"code":"GRAPHQL_VALIDATION_FAILED"')
  expect(stream.text()).toContain('@skip or @include')
})
