import { words as componentWords } from '../../components/messages.ts'
import { Refused } from '../../data/failure.ts'
import { explainListFailure, type ListStep } from './explain-list-failure.ts'
import { MOST_LISTS } from './list-limits.ts'
import { words } from './messages.ts'

const refused = (code: string, message = '') => new Refused({ __typename: 'RequestFailed', code, message })

describe('a failed change of a list', () => {
  const cases: [string, ListStep, number, string][] = [
    ['CONFLICT', 'CREATE', 3, words().nameTaken],
    ['CONFLICT', 'CREATE', MOST_LISTS, words().tooMany(MOST_LISTS)],
    ['CONFLICT', 'RENAME', MOST_LISTS, words().nameTaken],
    ['CONFLICT', 'ADD', 1, words().full(5_000)],
    ['NOT_FOUND', 'ADD', 1, words().userMissing],
    ['NOT_FOUND', 'DELETE', 1, words().missing],
    ['RATE_LIMITED', 'REMOVE', 1, words().tooOften],
  ]

  it.each(cases)('with the code %s during %s, with %i lists, is explained', (code, step, count, expected) => {
    expect(explainListFailure(refused(code), step, count)).toBe(expected)
  })

  it('that we have no words for has the message of the API', () => {
    expect(explainListFailure(refused('A_NEW_CODE', 'Wait until Monday.'), 'CREATE')).toBe(
      'Wait until Monday.',
    )
    expect(explainListFailure(new TypeError('network'), 'CREATE')).toBe(componentWords().notDone)
    expect(explainListFailure(new Error(), 'CREATE')).toBe(componentWords().failed)
  })
})

it.each(['en', 'zh-Hans'] as const)(
  'the buttons of members are called what is written on them, in %s',
  (language) => {
    const { add, addPerson, remove, removePerson } = words(language)
    expect([addPerson('Ada'), removePerson('Ada')]).toEqual([
      expect.stringContaining(add),
      expect.stringContaining(remove),
    ])
  },
)
