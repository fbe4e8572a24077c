import { globSync, readFileSync } from 'node:fs'

const BUILT = new URL('../generated/web/', import.meta.url)

// What a browser of the build's targets (vite.config.ts) does not know. It ignores a declaration with such a function, and a
// rule with such a selector. The build translates files of CSS, but not the styles of elements, which are strings to it.
const TOO_NEW =
  /\b(?:light-dark|contrast-color|calc-size|anchor-size|sibling-(?:index|count))\(|\b(?:rgb|hsl|hwb|lab|lch|oklab|oklch|color)\(from |:has\(|\(["`']:dir\(/g

describe('the built client', () => {
  it.each([
    ['scripts', '**/*.js'],
    ['style sheets', '**/*.css'],
  ])('has no CSS in its %s that its oldest browsers do not know', (_, pattern) => {
    const files = globSync(pattern, { cwd: BUILT })
    expect(files).not.toEqual([])
    const found = files.flatMap((file) =>
      [...readFileSync(new URL(file, BUILT), 'utf8').matchAll(TOO_NEW)].map(([match]) => `${file}: ${match}`),
    )
    expect(found).toEqual([])
  })

  it('has no comments in the styles of its frame', () => {
    const [shell, ...others] = globSync('files/shell.*.js', { cwd: BUILT })
    expect(others).toEqual([])
    const code = readFileSync(new URL(shell ?? '', BUILT), 'utf8')
    expect(code).toContain('.toast')
    expect(code).not.toContain('/*')
  })
})
