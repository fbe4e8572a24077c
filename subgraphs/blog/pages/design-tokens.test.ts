import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { DESIGN_TOKENS, declareTokens } from '../../../platform/pages/design-tokens.ts'
import { hueOf as hueInClient } from '../../../web/src/components/hue-of.ts'
import { initials as initialsInClient } from '../../../web/src/components/initials.ts'
import { BEHIND, LETTERS, type Tint } from './initials-style.ts'
import { ICON_SHAPES } from './page-icons.ts'
import { PAGE_STYLE } from './page-style.ts'
import { HUES, hueOf, initials } from './render-avatar.ts'

const inClient = (file: string) => readFileSync(new URL(`../../../web/src/${file}`, import.meta.url), 'utf8')

describe('the design of pages', () => {
  it('has the colours of the web client in both themes', () => {
    expect(DESIGN_TOKENS.get('--color-paper')).toEqual({
      name: '--color-paper',
      light: '#faf6f0',
      dark: '#131110',
    })
    expect(DESIGN_TOKENS.get('--color-overlay')).toMatchObject({ dark: 'rgb(0 0 0 / 62%)' })
    expect(PAGE_STYLE).toMatch(/^:root\{[^}]*--color-paper:#faf6f0;/)
    expect(PAGE_STYLE).toMatch(/prefers-color-scheme:dark\)\{:root\{[^}]*--color-paper:#131110;/)
  })

  it('has no colours besides these and those of initials', () => {
    const rules = PAGE_STYLE.slice(PAGE_STYLE.indexOf('}}') + 2).replace(/\.hue\d\{[^}]*\}/g, '')
    expect(rules.match(/#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(/gi)).toBeNull()
  })

  it('declares only the tokens that it uses, and refuses unknown ones', () => {
    expect(declareTokens('a{color:var(--color-ink);margin:var(--space-4)}')).toBe(
      ':root{color-scheme:light dark;--color-ink:#1f1b18;--space-4:16px}@media(prefers-color-scheme:dark){:root{--color-ink:#f3ede6}}',
    )
    expect(() => declareTokens('a{color:var(--color-none)}')).toThrow('--color-none')
  })

  it('has the icons of the web client', () => {
    const icons = inClient('design/icons.ts')
    for (const shape of Object.values(ICON_SHAPES)) expect(icons).toContain(shape)
  })

  it('shows users without a picture as the web client does', () => {
    for (const name of ['', 'Mei', '林 美', 'Ann <3', 'ada lovelace byron', '👩‍🚀 x'])
      expect(initials(name)).toBe(initialsInClient(name))
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(initials(text)).toBe(initialsInClient(text))
        expect(HUES[hueOf(text)]).toBe(hueInClient(text))
      }),
    )
    fc.assert(fc.property(fc.uuid(), (id) => expect(HUES[hueOf(id)]).toBe(hueInClient(id))))
  })

  it('mixes the colours of initials as the web client does', () => {
    const source = inClient('components/avatar.ts')
    const mix = ({ saturation, lightness, share, token }: Tint) =>
      `color-mix(in srgb, hsl(var(--hue, 30) ${saturation}% ${lightness}%) ${share}%, var(${token}));`
    expect(source).toContain(`  background: ${mix(BEHIND)}`)
    expect(source).toContain(`  color: ${mix(LETTERS)}`)
    // As Chromium computes them.
    expect(PAGE_STYLE).toContain('.hue4{background:#d6edf5;color:#204754}')
    const [, dark] = PAGE_STYLE.split('@media(prefers-color-scheme:dark){.hue0')
    expect(dark).toContain('.hue4{background:#2c4148;color:#aacfda}')
  })
})
