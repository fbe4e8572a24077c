import { globSync, readFileSync } from 'node:fs'
import { chooseLanguage } from './language.ts'

const SOURCES = new URL('../', import.meta.url)
const MILLION = 1_000_000

type Message = string | ((...values: unknown[]) => string)
type Catalogue = { words(language: 'en' | 'zh-Hans'): Record<string, Message> }

/** The names of the values that a message takes. */
const namesIn = (message: (...values: unknown[]) => string) =>
  (/^\(?([^)=]*)\)?\s*=>/.exec(message.toString())?.[1] ?? '').split(',').map((name) => name.trim())

describe('the texts of all folders', () => {
  const files = globSync('**/messages.ts', { cwd: SOURCES })
  afterEach(() => chooseLanguage('en'))

  it.each(['en', 'zh-Hans'] as const)('group the digits of large numbers, in %s', async (tag) => {
    Object.assign(globalThis, { localStorage: { setItem() {} }, document: { documentElement: {} } })
    chooseLanguage(tag)
    const written: [name: string, text: string][] = []
    for (const file of files) {
      const address = new URL(file, SOURCES)
      const numbers = new Set(
        [...readFileSync(address, 'utf8').matchAll(/(\w+): number\b/g)].map(([, name]) => name),
      )
      const { words }: Catalogue = await import(address.href)
      for (const [key, message] of Object.entries(words(tag))) {
        if (typeof message === 'string') continue
        const values = namesIn(message).map((name) => (numbers.has(name) ? MILLION : 'Mei'))
        written.push([`${file}: ${key}`, message(...values)])
      }
    }
    expect(written.filter(([, text]) => text.includes('1,000,000')).length).toBeGreaterThan(20)
    expect(written.filter(([, text]) => text.includes('1000000'))).toEqual([])
  })

  it('have a space between Chinese and a name in Latin letters', async () => {
    const written: [name: string, text: string][] = []
    for (const file of files) {
      const { words }: Catalogue = await import(new URL(file, SOURCES).href)
      for (const [key, message] of Object.entries(words('zh-Hans'))) {
        if (typeof message !== 'string')
          written.push([`${file}: ${key}`, message(...namesIn(message).map(() => 'Mei'))])
      }
    }
    expect(written.filter(([, text]) => text.includes('Mei')).length).toBeGreaterThan(20)
    const isTight = /\p{Script=Han}Mei|Mei\p{Script=Han}/u
    expect(written.filter(([, text]) => isTight.test(text))).toEqual([])
  })
})
