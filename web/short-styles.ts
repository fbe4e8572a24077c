import type { Plugin } from 'vite'

const OWN = `${import.meta.dirname}/src/`
// The styles of elements for any page are plain strings.
const STYLES = /(?:\bcss|_STYLE = )`[^`]*`/g

/** Leaves comments and unneeded spaces out of the styles of elements, which are strings to the rest of the build. */
export function shortStyles(): Plugin {
  return {
    name: 'moblog-short-styles',
    apply: 'build',
    enforce: 'pre',
    transform(code, id) {
      if (!id.startsWith(OWN) || !/\bcss`|_STYLE = `/.test(code)) return null
      return { code: code.replaceAll(STYLES, shortened), map: null }
    },
  }
}

function shortened(style: string): string {
  const plain = style.replaceAll(/\/\*[\s\S]*?\*\//g, '')
  if (!style.startsWith('_STYLE') || plain.includes('${')) return plain.replaceAll(/\n\s*/g, '\n')
  // In selectors, a colon is never before a space.
  return plain
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ?([{};,]) ?|: /g, (found) => found.trim())
    .replaceAll(';}', '}')
}
