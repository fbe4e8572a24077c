import { isServersFault, isUnanswered, retryAfterSeconds } from './unanswered.ts'

const failed = (code: string, extensions: object = {}, status = 200) => ({
  error: {
    response: { status },
    graphQLErrors: [Object.assign(new Error(code), { extensions: { code, ...extensions } })] as never[],
  },
})

describe('a request without an answer', () => {
  it.each([
    [undefined, true],
    [500, true],
    [503, true],
    [429, true],
    [408, true],
    [401, true],
    [400, false],
    [200, false],
  ])('with the status %s is repeated: %s', (status, repeated) => {
    const response = status === undefined ? undefined : { status }
    expect(isUnanswered({ error: { response } })).toBe(repeated)
  })

  it('is not repeated without an error', () => {
    expect(isUnanswered({})).toBe(false)
  })

  it.each([
    ['RATE_LIMITED', true],
    ['SERVICE_UNAVAILABLE', true],
    ['INTERNAL_SERVER_ERROR', true],
    ['UNAUTHENTICATED', true],
    ['BAD_USER_INPUT', false],
    ['FORBIDDEN', false],
    ['OPERATION_TOO_COSTLY', false],
  ])('with the code %s and the status 200 is repeated: %s', (code, repeated) => {
    expect(isUnanswered(failed(code))).toBe(repeated)
    expect(isUnanswered({ ...failed(code), data: { likePost: null } })).toBe(repeated)
  })

  it('is not repeated if only a part of its result is missing', () => {
    const data = { likePost: { __typename: 'LikePostPayload', post: { author: null } } }
    expect(isUnanswered({ ...failed('SERVICE_UNAVAILABLE'), data })).toBe(false)
  })

  it('is repeated if its failure passes by itself', () => {
    const likePost = { __typename: 'RequestFailed', code: 'RATE_LIMITED', retryAfterSeconds: 7 }
    expect(isUnanswered({ data: { likePost } })).toBe(true)
    expect(retryAfterSeconds({ data: { likePost } })).toBe(7)
    expect(isUnanswered({ data: { likePost: { ...likePost, code: 'NOT_FOUND' } } })).toBe(false)
  })

  it('is repeated if a page of the network has answered', () => {
    const error = { response: { status: 200 }, networkError: new Error('this is no JSON') }
    expect(isUnanswered({ error })).toBe(true)
  })

  it('waits as long as the server asks', () => {
    expect(retryAfterSeconds(failed('RATE_LIMITED', { retryAfterSeconds: 42 }, 429))).toBe(42)
    const response = { status: 503, headers: new Headers({ 'retry-after': '5' }) }
    expect(retryAfterSeconds({ error: { response } })).toBe(5)
    expect(retryAfterSeconds(failed('INTERNAL_SERVER_ERROR'))).toBeNull()
  })

  it('tells an error of the server from an outage', () => {
    expect(isServersFault(failed('INTERNAL_SERVER_ERROR'))).toBe(true)
    expect(isServersFault(failed('SERVICE_UNAVAILABLE', {}, 503))).toBe(false)
  })
})
