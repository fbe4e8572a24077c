import { requestIdOf } from './request-id.ts'

it.each([
  'req-1',
  '01a217b1-e1c7-76bc-b7b4-3e296ef0bf6b',
  'Root=1-67891233-abcdef012345678912345678',
  'a'.repeat(64),
])('a request id that is safe to log is kept: %s', (given) => {
  expect(requestIdOf(given)).toBe(given)
})

it.each([
  ['missing', undefined],
  ['empty', ''],
  ['too long', 'a'.repeat(65)],
  ['with a line break', 'a\nb'],
  ['with a quotation mark', 'a"b'],
  ['not ASCII', 'ä'],
  ['a list', ['a', 'b']],
  ['several, joined by commas', 'a,b'],
  ['an escape sequence of a terminal', '\u001b[31m'],
])('a request id that is %s is replaced by a UUID', (_what, given) => {
  expect(requestIdOf(given)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/)
})
