import { readFileSync } from 'node:fs'
import { SourceTextModule } from 'node:vm'

const BUILT = new URL('../generated/web/', import.meta.url)
const read = (name: string) => readFileSync(new URL(name, BUILT), 'utf8')

describe('the player for other pages', () => {
  it('is one script that imports nothing but hls.js, and that only when it is needed', () => {
    const code = read('moblog-player.js')
    expect(new SourceTextModule(code).moduleRequests).toEqual([])
    const later = [...code.matchAll(/\bimport\(\s*["'`]([^"'`]*)/g)].map(([, name = '']) => name)
    expect(later).toEqual([expect.stringMatching(/^\.\/files\/hls\.[\w.-]+\.js$/)])
    expect(code.match(/\bimport\s*\(/g)).toHaveLength(1)
    expect(new SourceTextModule(read(later[0] ?? '')).moduleRequests).toEqual([])
  })
})
