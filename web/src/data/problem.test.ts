import { jest } from '@jest/globals'
import { CombinedError } from '@urql/core'
import { postDocument } from './post-document.ts'
import { Outdated, problemOf } from './problem.ts'

const refused = (code: string) => ({ message: 'refused', extensions: { code } })

describe('the reason why there is no answer', () => {
  it('is the connection only if there was none', () => {
    const unreached = new TypeError('Failed to fetch')
    expect(problemOf(unreached)).toBe('offline')
    expect(problemOf(new DOMException('too late', 'TimeoutError'))).toBe('offline')
    expect(problemOf(new CombinedError({ networkError: unreached }))).toBe('offline')
    expect(problemOf(new CombinedError({ networkError: new Error(), response: { status: 502 } }))).toBe(
      'failed',
    )
    expect(problemOf(new CombinedError({ networkError: new Error('The session has ended.') }))).toBe('failed')
    expect(problemOf(new DOMException('no room', 'QuotaExceededError'))).toBe('failed')
    expect(problemOf(new SyntaxError('not JSON'))).toBe('failed')
  })

  it.each(['PERSISTED_QUERY_NOT_IN_LIST', 'PERSISTED_QUERY_NOT_FOUND', 'GRAPHQL_VALIDATION_FAILED'])(
    'is the version of the client if the server answers %s',
    (code) => {
      const response = { status: 400 }
      expect(problemOf(new CombinedError({ graphQLErrors: [refused(code)], response }))).toBe('outdated')
      // The session could not be renewed.
      expect(problemOf(new CombinedError({ networkError: new Outdated() }))).toBe('outdated')
    },
  )

  it.each(['BAD_USER_INPUT', 'INTERNAL_SERVER_ERROR'])('is not the version if it answers %s', (code) => {
    expect(problemOf(new CombinedError({ graphQLErrors: [refused(code)] }))).toBe('failed')
  })

  it('is told by an operation without a session, such as to sign up', async () => {
    globalThis.document = { baseURI: 'http://moblog.test/' } as Document
    const body = JSON.stringify({ errors: [refused('PERSISTED_QUERY_NOT_IN_LIST')] })
    const answer = jest.spyOn(globalThis, 'fetch')
    answer.mockResolvedValueOnce(new Response(body, { status: 400 }))
    const sign = () => postDocument('mutation { signUp }' as never, {}).catch(problemOf)
    expect(await sign()).toBe('outdated')
    answer.mockResolvedValueOnce(new Response('{}', { status: 500 }))
    expect(await sign()).toBe('failed')
    answer.mockRejectedValueOnce(new TypeError('Failed to fetch'))
    expect(await sign()).toBe('offline')
  })
})
