import { boundMaxAge } from './response-headers.ts'

it('a cache keeps an answer at most until its token expires', () => {
  const never = 'private, max-age=31536000, immutable'
  expect(boundMaxAge(never, 899.6)).toBe('private, max-age=899, immutable')
  expect(boundMaxAge(never, -3)).toBe('private, max-age=0, immutable')
  expect(boundMaxAge('private, max-age=60', 899)).toBe('private, max-age=60')
  expect(boundMaxAge('private, no-cache', 899)).toBe('private, no-cache')
})
