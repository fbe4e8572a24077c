import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Plugin } from 'vite'

const DOCUMENTS = path.resolve(import.meta.dirname, '../generated/graphql/web.ts')
const DOCUMENT = /^export const (\w+) = ".*$/gm
const PART = '?document='

/**
 * Makes a module of each document of generated/graphql/web.ts, so that screens which are loaded later bring their documents
 * with them. A document that the pattern does not match is not exported, and the build fails where it is imported.
 */
export function splitDocuments(): Plugin {
  return {
    name: 'moblog-split-documents',
    apply: 'build',
    enforce: 'pre',
    async load(id) {
      const [file, name] = id.split(PART)
      if (file !== DOCUMENTS) return null
      const documents = [...(await readFile(DOCUMENTS, 'utf8')).matchAll(DOCUMENT)]
      const lines = documents.flatMap(([line, each]) => {
        if (name === undefined)
          return `export { ${each} } from ${JSON.stringify(`${DOCUMENTS}${PART}${each}`)}`
        return each === name ? line : []
      })
      return { code: lines.join('\n'), moduleType: 'ts', moduleSideEffects: false }
    },
  }
}
