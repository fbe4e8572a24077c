import { fakeTracer } from '../../testing/fake-tracer.ts'
import { parseTraceparent } from './opentelemetry.ts'
import { createScope, runInScope } from './request-scope.ts'
import { inSpan, outgoingHeaders, setTracer, startLeaf, startSpan } from './tracing.ts'

afterEach(() => setTracer(null))

it('without a tracer, work runs as it is', async () => {
  expect(startSpan('a', { kind: 'server', parent: null })).toBeNull()
  expect(startLeaf('a', 'client', {})).toBeNull()
  expect(await inSpan('a', 'internal', {}, async () => 7)).toBe(7)
})

it('spans are nested, also those of work at the same time, and end with their work', async () => {
  const tracer = fakeTracer()
  setTracer(tracer)
  const span = startSpan('request', { kind: 'server', parent: 'of client' })
  await runInScope(createScope('r1', span), () =>
    Promise.all([
      inSpan('one', 'client', {}, async () => {
        await new Promise((resolve) => setTimeout(resolve, 5))
        startLeaf('leaf', 'client', {})?.end()
        expect(outgoingHeaders()).toEqual({ 'x-request-id': 'r1', traceparent: 'of one' })
      }),
      inSpan('two', 'client', {}, () => Promise.reject(new Error('no'))).catch(() => {}),
    ]),
  )
  expect(tracer.spans).toEqual([
    { name: 'request', parent: 'of client', ended: 'no' },
    { name: 'one', parent: 'of request', ended: 'well' },
    { name: 'two', parent: 'of request', ended: 'failed' },
    { name: 'leaf', parent: 'of one', ended: 'well' },
  ])
})

it('a valid traceparent is continued', () => {
  expect(parseTraceparent('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01')).toEqual({
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    traceFlags: 1,
    isRemote: true,
  })
})

it.each([
  'nothing',
  'ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  '00-00000000000000000000000000000000-b7ad6b7169203331-01',
  '00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01',
  '00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01',
  '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331',
])('a malformed traceparent begins a new trace: %s', (header) => {
  expect(parseTraceparent(header)).toBeNull()
})
