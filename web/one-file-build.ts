import { type BuildEnvironmentOptions, build } from 'vite'

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
  return code
}
