import { GraphQLError } from 'graphql'
import { createScope, runInScope } from '../platform/observability/request-scope.ts'
import { formatError } from './errors.ts'

it('a defect is logged once in each request, although every field that lacks data has an error', () => {
  const logged: unknown[] = []
  const log = { debug() {}, info() {}, warn() {}, error: (fields: unknown) => void logged.push(fields) }
  const originalError = new Error('defect')
  const answer = (requestId: string) =>
    runInScope(createScope(requestId), () =>
      ['a', 'b', 'c'].map((field) => {
        const error = new GraphQLError('defect', { path: [field], originalError })
        return formatError(error.toJSON(), error, { log, suggests: false })
      }),
    )
  for (const requestId of ['first', 'second']) {
    expect(answer(requestId)).toMatchObject(
      ['a', 'b', 'c'].map((field) => ({
        message: 'An internal error occurred. Try again later.',
        path: [field],
        extensions: { code: 'INTERNAL_SERVER_ERROR', requestId },
      })),
    )
  }
  expect(logged).toHaveLength(2)
})
