import { isUnanswered } from './unanswered.ts'

describe('a request without an answer', () => {
  it.each([
    [undefined, true],
    [500, true],
    [503, true],
    [429, true],
    [408, true],
    [400, false],
    [401, false],
    [200, false],
  ])('with the status %s is repeated: %s', (status, repeated) => {
    expect(isUnanswered({ response: status === undefined ? undefined : { status } })).toBe(repeated)
  })

  it('is not repeated without an error', () => {
    expect(isUnanswered(undefined)).toBe(false)
  })
})
