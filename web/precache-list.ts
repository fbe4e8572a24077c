import { createHash } from 'node:crypto'
import type { Plugin } from 'vite'

/** Tells the service worker which files to keep, and a version that changes with any of them. */
export function precacheList(): Plugin {
  return {
    name: 'precache-list',
    apply: 'build',
    generateBundle(_options, bundle) {
      const files = Object.values(bundle).filter(
        ({ fileName }) => fileName !== 'service-worker.js' && !fileName.endsWith('.map'),
      )
      const digest = createHash('sha256')
      for (const file of files) digest.update(file.type === 'chunk' ? file.code : file.source)
      const worker = bundle['service-worker.js']
      if (worker?.type !== 'chunk') throw new Error('the service worker is missing')
      // hls.js is large, and is of no use offline.
      const names = files.map(({ fileName }) => fileName).filter((name) => !name.includes('hls'))
      worker.code = worker.code
        .replace(/(["'`])PRECACHE_FILES\1/, JSON.stringify(JSON.stringify(names)))
        .replace(/(["'`])PRECACHE_VERSION\1/, JSON.stringify(digest.digest('hex').slice(0, 12)))
    },
  }
}
