import type { Log } from '../platform/log.ts'
import type { FinishedRequest } from '../platform/observability/observe-request.ts'
import { createScope, currentScope, runInScope } from '../platform/observability/request-scope.ts'
import { createOperationReports, summarizeOperation } from './operation-reports.ts'

const lines: unknown[] = []
const note = (fields: unknown, message?: string) => void lines.push([message, fields])
const log: Log = { debug: () => {}, info: note, warn: note, error: note }
const report = createOperationReports(log, new Set(['Home']))

const summary = { operation: 'Home', type: 'query', documentHash: 'h', viewerId: 'u1' }

function finished(changes: Partial<FinishedRequest> = {}): FinishedRequest {
  return {
    requestId: 'r1',
    method: 'POST',
    route: '/graphql',
    status: 200,
    isAborted: false,
    bytes: 10,
    durationMs: 1.23,
    facts: { operation: summary, codes: null, subgraphs: new Map([['blog', { calls: 2, ms: 0.77 }]]) },
    ...changes,
  }
}

beforeEach(() => {
  lines.length = 0
})

it('an operation is one line of the access log', () => {
  report(finished())
  expect(lines).toEqual([
    [
      'operation',
      {
        ...summary,
        outcome: 'ok',
        status: 200,
        durationMs: 1.2,
        subgraphs: { blog: { calls: 2, ms: 0.8 } },
        bytes: 10,
        requestId: 'r1',
      },
    ],
  ])
})

it.each([
  ['ok', 'a stream ends when its client leaves', { type: 'subscription' }, { isAborted: true }],
  ['aborted', 'the client of a query does not wait', {}, { isAborted: true }],
])('the outcome is "%s" if %s', (outcome, _reason, operation, changes) => {
  const facts = { operation: { ...summary, ...operation }, codes: null, subgraphs: null }
  report(finished({ ...changes, facts }))
  expect(lines).toEqual([['operation', expect.objectContaining({ outcome })]])
})

it('a request that is refused before its operation is known has a line with the code', () => {
  report(
    finished({ status: 400, facts: { operation: null, codes: new Set(['BAD_REQUEST']), subgraphs: null } }),
  )
  expect(lines).toEqual([
    ['operation', expect.objectContaining({ operation: null, outcome: 'failed', codes: ['BAD_REQUEST'] })],
  ])
})

it('the first operation of a request is the one in the log, and long names are cut', () => {
  const scope = createScope('r1')
  runInScope(scope, () => {
    summarizeOperation({ ...summary, operation: 'x'.repeat(1000), type: 'subscription' })
    summarizeOperation(summary)
    expect(currentScope()?.facts.operation).toEqual({
      ...summary,
      operation: 'x'.repeat(100),
      type: 'subscription',
    })
  })
})
