import { readFileSync } from 'node:fs'
import { SourceTextModule } from 'node:vm'

const BUILT = new URL('../generated/web/', import.meta.url)
const read = (name: string) => readFileSync(new URL(name, BUILT), 'utf8')

/** What web/README.md promises, compressed. */
const MOST_BYTES = { elements: 16_000, recorder: 24_000 }

/** The files that a script loads when it needs them, and those that it imports at once. */
function importsOf(name: string) {
  const code = read(name)
  const later = [...code.matchAll(/\bimport\(\s*["'`]([^"'`]*)/g)].map(([, file = '']) => file)
  expect(code.match(/\bimport\s*\(/g) ?? []).toHaveLength(later.length)
  return { later, atOnce: new SourceTextModule(code).moduleRequests.map(({ specifier }) => specifier) }
}

describe('the elements for other pages', () => {
  it('are one script that loads hls.js and the recorder only when they are needed', () => {
    const { later, atOnce } = importsOf('moblog-elements.js')
    expect(atOnce).toEqual([])
    expect(later.sort()).toEqual([
      expect.stringMatching(/^\.\/files\/embedded-recorder\.[\w-]+\.js$/),
      expect.stringMatching(/^\.\/files\/hls\.[\w.-]+\.js$/),
    ])
    expect(readFileSync(new URL('moblog-elements.js.br', BUILT)).length).toBeLessThan(MOST_BYTES.elements)
  })

  it('load nothing of the client, also not through the files that they load', () => {
    const seen = new Set<string>(['moblog-elements.js'])
    for (const name of seen) {
      const { later, atOnce } = importsOf(name)
      for (const file of [...later, ...atOnce]) seen.add(`files/${file.replace(/^.*\//, '')}`)
    }
    const bases = [...seen].map((name) => name.replace(/^files\//, '').replace(/\..*/, ''))
    expect(bases.sort()).toEqual([
      'browser',
      'embedded-recorder',
      'hls',
      'moblog-elements',
      'rolldown-runtime',
      'src',
    ])
  })

  it('have the recorder with its upload in a small file', () => {
    const file = importsOf('moblog-elements.js').later.find((each) => each.includes('recorder')) ?? ''
    expect(importsOf(file).later).toHaveLength(2)
    const compressed = readFileSync(new URL(`${file}.br`, BUILT))
    expect(compressed.length).toBeLessThan(MOST_BYTES.recorder)
  })
})
