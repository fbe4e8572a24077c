import type { Plugin } from 'vite'

const OWN = `${import.meta.dirname}/src/`
// The styles of elements for any page are plain strings. A comment may name a file of styles.
const STYLES = /(?:(?<![.\w])css|_STYLE = )`[^`]*`/g
// They have neither comments nor texts.
const DOCUMENTS = /\bgql`[^`]*`/g

/**
 * Leaves comments and unneeded spaces out of the styles of elements, and of the documents that only the cache reads, which are
 * strings to the rest of the build.
 */
export function shortStyles(): Plugin {
  return {
    name: 'moblog-short-styles',
    apply: 'build',
    enforce: 'pre',
    transform(code, id) {
      if (!id.startsWith(OWN) || !/\b(?:css|gql)`|_STYLE = `/.test(code)) return null
      const documents = code.replaceAll(DOCUMENTS, (document) => document.replaceAll(/\s+/g, ' '))
      return { code: documents.replaceAll(STYLES, shortened), map: null }
    },
  }
}

function shortened(style: string): string {
  const plain = style.replaceAll(/\/\*[\s\S]*?\*\//g, '')
  // A space after an expression may be needed.
  if (plain.includes('${')) return plain.replaceAll(/\n\s*/g, '\n')
  // In selectors, a colon is never before a space.
  return plain
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ?([{};,]) ?|: /g, (found) => found.trim())
    .replaceAll(';}', '}')
}
