import type { Plugin, Rolldown } from 'vite'
import { buildOneFile } from './one-file-build.ts'

const ENTRY = `${import.meta.dirname}/src/player/moblog-player.ts`
const HLS = 'hls.js/light'

/**
 * Builds the player for other pages as one file, moblog-player.js (docs/clients.md, Custom elements). It shares nothing
 * with the client but the file of hls.js, so that these two are all that a page needs.
 */
export function playerBuild(): Plugin {
  return {
    name: 'player',
    apply: 'build',
    async generateBundle(_options, bundle) {
      const source = await buildPlayer(`./${hlsFile(Object.values(bundle))}`)
      this.emitFile({ type: 'asset', fileName: 'moblog-player.js', source })
    },
  }
}

function hlsFile(files: (Rolldown.OutputChunk | Rolldown.OutputAsset)[]): string {
  const hls = files.find((file) => file.type === 'chunk' && /\/hls\.js\//.test(file.facadeModuleId ?? ''))
  if (hls?.type !== 'chunk') throw new Error('hls.js is not a file of its own')
  if (hls.imports.length > 0) throw new Error(`hls.js imports ${hls.imports.join(', ')}`)
  return hls.fileName
}

function buildPlayer(hls: string): Promise<string> {
  return buildOneFile({
    entry: ENTRY,
    name: 'player',
    build: {
      target: ['chrome111', 'firefox115', 'safari16.4'],
      rolldownOptions: { external: [HLS], output: { paths: { [HLS]: hls }, minify: true } },
    },
  })
}
