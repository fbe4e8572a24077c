import { PEOPLE } from '../../../../scripts/seed/sample-people.ts'
import { memoryStorage } from '../../../test/memory-storage.ts'
import { chooseLanguage } from '../../i18n/language.ts'
import { words } from './messages.ts'

describe('the notes beside the sample accounts', () => {
  const people = Object.values(PEOPLE).map(({ handle, note }) => [handle, note] as const)

  beforeEach(() => {
    Object.assign(globalThis, { localStorage: memoryStorage(), document: { documentElement: { lang: '' } } })
  })

  it.each(people)('of %s is in the language of the client', (handle, note) => {
    chooseLanguage('en')
    expect(words().sampleNote(handle, note)).toBe(note)
    chooseLanguage('zh-Hans')
    expect(words().sampleNote(handle, note)).toMatch(/^[\p{Script=Han}，、]+$/u)
  })

  it('is that of the account if it is not of the sample world', () => {
    chooseLanguage('zh-Hans')
    expect(words().sampleNote('ann', 'has posts')).toBe('has posts')
  })
})
