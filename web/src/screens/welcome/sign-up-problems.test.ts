import { signUpProblems } from './sign-up-problems.ts'

const good = { handle: 'mei.lin', displayName: '林小梅', password: 'long enough' }
const fields = (changes: Partial<typeof good>) =>
  signUpProblems({ ...good, ...changes }).map(({ field }) => field)

describe('the problems of a new account', () => {
  it('are all told at once', () => {
    expect(fields({ handle: '1st', displayName: '', password: 'short' })).toEqual([
      'handle',
      'displayName',
      'password',
    ])
  })

  it('are none if the API takes it', () => {
    expect(fields({})).toEqual([])
    expect(fields({ handle: 'A_1', displayName: '😀'.repeat(50), password: '😀'.repeat(8) })).toEqual([])
  })

  it.each([
    ['ab', 'handle'],
    ['a'.repeat(31), 'handle'],
    ['mei-lin', 'handle'],
  ])('are those of the handle "%s"', (handle, field) => {
    expect(fields({ handle })).toEqual([field])
  })

  it('are those of a name or a password that is too long', () => {
    expect(fields({ displayName: 'a'.repeat(51), password: 'a'.repeat(257) })).toEqual([
      'displayName',
      'password',
    ])
  })
})
