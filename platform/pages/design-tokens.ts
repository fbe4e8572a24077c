import { readFileSync } from 'node:fs'

// The web client and the pages have the same design, so there is one list of its colours and sizes.
const TOKENS = ['tokens.css', 'sizes.css'].map((file) =>
  readFileSync(new URL(`../../web/src/design/${file}`, import.meta.url), 'utf8'),
)
const DECLARATION = /(--[\w-]+):\s*([^;]+);/g
const BOTH = /^light-dark\((.+\)|[^,]+), (.+)\)$/

type Token = { name: string; light: string; dark: string }

/** The design tokens of the web client. Their values are the same in both themes unless they are colours. */
export const DESIGN_TOKENS: ReadonlyMap<string, Token> = new Map(
  TOKENS.flatMap((text) => [...firstRule(text).matchAll(DECLARATION)]).map(([, name = '', text = '']) => {
    const value = text.trim().replace(/\s+/g, ' ')
    const [, light = value, dark = value] = BOTH.exec(value) ?? []
    return [name, { name, light, dark }]
  }),
)

/**
 * The rules that declare the tokens which a style uses. They do without `light-dark()`, because pages are also opened by older
 * phones.
 *
 * @throws Error if the style uses a token that the client does not have
 */
export function declareTokens(style: string): string {
  const used = [...new Set([...style.matchAll(/var\((--[\w-]+)\)/g)].map(([, name = '']) => name))]
  const tokens = used.map((name) => {
    const token = DESIGN_TOKENS.get(name)
    if (!token) throw new Error(`the web client has no design token ${name}`)
    return token
  })
  const light = tokens.map((token) => `${token.name}:${token.light}`)
  const dark = tokens.filter((token) => token.dark !== token.light).map(({ name, dark }) => `${name}:${dark}`)
  return `:root{color-scheme:light dark;${light.join(';')}}@media(prefers-color-scheme:dark){:root{${dark.join(';')}}}`
}

/** The text up to the end of the first rule: the next ones are for screens and themes of their own. */
function firstRule(text: string): string {
  return text.slice(0, text.indexOf('\n}'))
}
