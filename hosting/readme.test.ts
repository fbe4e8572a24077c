import { readFileSync } from 'node:fs'
import { allSettings } from './settings.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const dependencies = ['dependencies', 'optionalDependencies', 'devDependencies'].flatMap((kind) =>
  Object.keys(manifest[kind]),
)
const variables = new Set(Object.keys(allSettings))

describe('the README', () => {
  it.each([...variables])('explains the setting %s', (variable) => {
    expect(readme).toContain(`\`${variable}\``)
  })

  it.each(dependencies)('says why the dependency %s is needed', (name) => {
    const scope = `${name.split('/')[0]}/*`
    const prefix = name.slice(0, name.lastIndexOf('-') + 1)
    const families = [`${prefix}*`, scope, prefix.replace(/[^/-]+-$/, '*')]
    const spellings = [name, ...families].map((spelling) => `\`${spelling}\``)
    expect(spellings.some((spelling) => readme.includes(spelling))).toBe(true)
  })

  it('explains no setting that the product does not read', () => {
    // Error codes are spelled like settings, but none has the same first word. Variables that tests read are not
    // settings.
    const beginnings = new Set([...variables].map((name) => name.split('_')[0]))
    const names = [...readme.matchAll(/`([A-Z][A-Z_]*)`/g)].map(([, name = '']) => name)
    const explained = names.filter(
      (name) => beginnings.has(name.split('_')[0]) && !name.startsWith('MOBLOG_TEST'),
    )
    expect(explained.length).toBeGreaterThan(0)
    expect(explained.filter((name) => !variables.has(name))).toEqual([])
  })
})
