import { type BuildEnvironmentOptions, build, type Plugin } from 'vite'
import { shortStyles } from './short-styles.ts'

type Options = {
  /** The path of the module to build. */
  entry: string
  /** What the file is, for errors. */
  name: string
  build?: Pick<BuildEnvironmentOptions, 'target' | 'rolldownOptions'>
}

/** Builds a module with all that it imports as one file, apart from the client. Rejects if it would be several files. */
export async function buildOneFile({ entry, name, build: options = {} }: Options): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'warn',
    plugins: [importAtOnce(), shortStyles()],
    build: {
      ...options,
      write: false,
      copyPublicDir: false,
      lib: { entry, formats: ['es'], fileName: name },
    },
  })
  const output = Array.isArray(result) ? result[0] : result
  if (!output || !('output' in output)) throw new Error(`the ${name} was not built`)
  const [{ code }, ...others] = output.output
  if (others.length > 0) throw new Error(`the ${name} was built as several files`)
  // These are hints for another build, and there is none.
  return code.replaceAll('/* @__PURE__ */ ', '')
}

const LATER = /const \{ (\w+) \} = await import\('(\.\/[\w-]+\.ts)'\)/g

/**
 * Imports at once what the client loads when it needs it: as all is in one file, loading it later would only need more code.
 */
function importAtOnce(): Plugin {
  return {
    name: 'moblog-import-at-once',
    enforce: 'pre',
    transform(code) {
      const imports: string[] = []
      const rest = code.replaceAll(LATER, (_, name, file) => {
        imports.push(`import { ${name} } from '${file}'\n`)
        return ''
      })
      return imports.length === 0 ? null : { code: imports.join('') + rest, map: null }
    },
  }
}
