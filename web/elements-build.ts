import { createHash } from 'node:crypto'
import type { Plugin, Rolldown } from 'vite'
import { buildOneFile } from './one-file-build.ts'

const FOLDER = `${import.meta.dirname}/src/elements`
const RECORDER = `${FOLDER}/embedded-recorder.ts`
const TARGET = ['chrome111', 'firefox115', 'safari16.4']

/** The packages that both the client and the elements load when they need them, and where they are in node_modules. */
const SHARED = {
  'hls.js/light': 'hls.js',
  'tus-js-client': 'tus-js-client',
  mediabunny: 'mediabunny',
} as const

/**
 * Builds the elements for other pages (docs/clients.md, Custom elements): moblog-elements.js with the player, and a file
 * with the recorder, which is loaded when a page has one. They share nothing with the client but the files of packages
 * that are loaded when they are needed.
 */
export function elementsBuild(): Plugin {
  return {
    name: 'elements',
    apply: 'build',
    async generateBundle(_options, bundle) {
      const shared = Object.entries(SHARED).map(
        ([specifier, name]) => [specifier, sharedFile(Object.values(bundle), name)] as const,
      )
      const recorder = await build(
        RECORDER,
        new Map(shared.map(([each, file]) => [each, `./${fileIn(file)}`])),
      )
      const digest = createHash('sha256').update(recorder).digest('base64url').slice(0, 8)
      const recorderFile = `files/embedded-recorder.${digest}.js`
      this.emitFile({ type: 'asset', fileName: recorderFile, source: recorder })
      const others = new Map(shared.map(([each, file]) => [each as string, `./${file}`]))
      const elements = await build(`${FOLDER}/moblog-elements.ts`, others.set(RECORDER, `./${recorderFile}`))
      this.emitFile({ type: 'asset', fileName: 'moblog-elements.js', source: elements })
    },
  }
}

/** Finds the file of a package in the build of the client. */
function sharedFile(files: (Rolldown.OutputChunk | Rolldown.OutputAsset)[], name: string): string {
  const file = files.find(
    (each) => each.type === 'chunk' && each.facadeModuleId?.includes(`/node_modules/${name}/`),
  )
  if (file?.type !== 'chunk') throw new Error(`${name} is not a file of its own`)
  // They would load the client.
  const others = file.imports.filter((each) => !/\/rolldown-runtime\./.test(each))
  if (others.length > 0) throw new Error(`${name} imports ${others.join(', ')}`)
  return file.fileName
}

const fileIn = (file: string) => file.slice(file.lastIndexOf('/') + 1)

/** Builds a module that loads other modules from the given files. */
function build(entry: string, paths: ReadonlyMap<string, string>): Promise<string> {
  return buildOneFile({
    entry,
    name: fileIn(entry),
    build: {
      target: TARGET,
      rolldownOptions: {
        external: (id) => id !== entry && paths.has(id),
        // What the client loads on demand is a part of the file.
        output: { paths: (id) => paths.get(id) ?? id, minify: true, codeSplitting: false },
      },
    },
  })
}
