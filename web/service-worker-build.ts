import { createHash } from 'node:crypto'
import type { Plugin, Rolldown } from 'vite'
import { buildOneFile } from './one-file-build.ts'

const LARGE_BYTES = 150_000
const ENTRY = `${import.meta.dirname}/src/service-worker/service-worker.ts`

/**
 * Builds the service worker as one file, because browsers do not load modules in all service workers. It knows the names
 * of the other files, which of them the start page loads, and a version that changes with any of them.
 */
export function serviceWorkerBuild(): Plugin {
  return {
    name: 'service-worker',
    apply: 'build',
    async generateBundle(_options, bundle) {
      const files = Object.values(bundle)
      const digest = createHash('sha256')
      for (const file of files) digest.update(file.type === 'chunk' ? file.code : file.source)
      // Large parts, such as hls.js, are of no use offline, and are loaded when they are needed.
      const names = files.filter((file) => sizeOf(file) < LARGE_BYTES).map(({ fileName }) => fileName)
      const entry = files.find((file) => file.type === 'chunk' && file.isEntry)
      if (!entry) throw new Error('the client has no entry')
      const code = await buildOneFile({ entry: ENTRY, name: 'service worker' })
      const withFiles = replaceOnce(code, /(["'`])PRECACHE_FILES\1/g, JSON.stringify(JSON.stringify(names)))
      // The minifier may make it a part of a longer text.
      const withVersion = replaceOnce(withFiles, /PRECACHE_VERSION/g, digest.digest('hex').slice(0, 12))
      const source = replaceOnce(withVersion, /PRECACHE_ENTRY/g, entry.fileName)
      this.emitFile({ type: 'asset', fileName: 'service-worker.js', source })
    },
  }
}

function replaceOnce(code: string, place: RegExp, text: string): string {
  const count = code.match(place)?.length ?? 0
  if (count !== 1) throw new Error(`the service worker has ${count} places for ${place}, not one`)
  return code.replace(place, () => text)
}

function sizeOf(file: Rolldown.OutputChunk | Rolldown.OutputAsset): number {
  return (file.type === 'chunk' ? file.code : file.source).length
}
