import { CombinedError } from '@urql/core'
import { chooseLanguage } from '../i18n/language.ts'
import { explainError, explainRefusal } from './explain-refusal.ts'
import { words as failureWords } from './failures/messages.ts'
import { words } from './messages.ts'

const TAKEN = { code: 'CONFLICT', message: 'This handle is taken.' }

function speak(tag: 'en' | 'zh-Hans'): void {
  Object.assign(globalThis, { localStorage: { setItem() {} }, document: { documentElement: {} } })
  chooseLanguage(tag)
}

describe('a refusal of the server', () => {
  afterEach(() => speak('en'))

  it('is explained in Chinese by its code, and by its message only if the code is unknown', () => {
    speak('zh-Hans')
    expect(explainRefusal(TAKEN)).toBe(failureWords().conflict)
    expect(explainRefusal({ code: 'TEAPOT', message: 'I am a teapot.' })).toBe('I am a teapot.')
    expect(explainRefusal({ code: 'TEAPOT', message: '' })).toBe(words().failed)
  })

  it('is explained in English by its message, which is more exact', () => {
    expect(explainRefusal(TAKEN)).toBe(TAKEN.message)
    expect(explainRefusal({ ...TAKEN, message: '' })).toBe(failureWords().conflict)
  })

  it('is told from an app that is too old, which the user can load again', () => {
    const extensions = { code: 'PERSISTED_QUERY_NOT_IN_LIST' }
    const refused = new CombinedError({ graphQLErrors: [{ message: '', extensions }] })
    expect(explainError(refused)).toBe(words().outdated)
    expect(explainError(new Error())).toBe(words().failed)
  })

  it.each(['en', 'zh-Hans'] as const)('is told from a connection that is missing, in %s', (tag) => {
    speak(tag)
    const unreached = new CombinedError({ networkError: new TypeError('Failed to fetch') })
    expect(explainError(unreached)).toBe(words().notDone)
    expect(explainError(unreached, { offline: 'here' })).toBe('here')
    const answered = new CombinedError({ networkError: new Error(), response: { status: 502 } })
    expect(explainError(answered, { offline: 'here' })).toBe(words().failed)
  })

  it.each(['en', 'zh-Hans'] as const)('is explained by what its code means here, in %s', (tag) => {
    speak(tag)
    expect(explainRefusal(TAKEN, { CONFLICT: 'here' })).toBe('here')
  })
})
