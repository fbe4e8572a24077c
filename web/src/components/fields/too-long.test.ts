import { globSync, readFileSync } from 'node:fs'
import { nothing } from 'lit'
import { chooseLanguage } from '../../i18n/language.ts'
import { tooLong } from './too-long.ts'

const SOURCES = new URL('../../', import.meta.url)

describe('a text that may be too long', () => {
  beforeAll(() => {
    Object.assign(globalThis, { localStorage: { setItem() {} }, document: { documentElement: {} } })
  })
  afterAll(() => chooseLanguage('en'))

  it.each([
    ['en', '1,001 of 1,000 characters. Shorten the text.'],
    ['zh-Hans', '1,001 个字符，最多 1,000 个，请缩短内容。'],
  ] as const)('is explained as soon as it is, in %s', (language, explanation) => {
    chooseLanguage(language)
    expect(tooLong('😀'.repeat(1_000), 1_000)).toBe(nothing)
    expect(tooLong('😀'.repeat(1_001), 1_000)).toMatchObject({ values: [explanation] })
  })

  it('is never cut by its field', () => {
    const files = globSync('**/*.ts', { cwd: SOURCES }).filter((file) => !file.endsWith('.test.ts'))
    expect(files.length).toBeGreaterThan(100)
    const cutting = files.filter((file) => /\bmaxlength=/i.test(readFileSync(new URL(file, SOURCES), 'utf8')))
    expect(cutting).toEqual([])
  })
})
