/** Something that has to run after files changed. */
export type Step = 'compose' | 'generate' | 'restart'

/** The folders and files of the project's root that contain what the product runs, or what is generated for it. */
export const WATCHED_FOLDERS = [
  'gateway',
  'generated',
  'hosting',
  'platform',
  'prisma',
  'schema',
  'subgraphs',
  // Pages have the colours and sizes of the web client.
  'web/src/design',
]
export const WATCHED_FILES = ['codegen.yml', 'main.js']

const RULES: readonly (readonly [RegExp, readonly Step[]])[] = [
  // Tests, documents, and the results of composing.
  [/\.test\.ts$|\.md$|^schema\/(api|supergraph)\.graphql$|^schema\/(released|consumers)\//, []],
  // Operations, and the internal schemas, which are not composed.
  [/(^|\/)(internal-)?operations\/.*\.graphql$|^schema\/internal\/|^codegen\.yml$/, ['generate', 'restart']],
  [/^schema\/.*\.graphql$/, ['compose', 'generate', 'restart']],
  [/^prisma\/[^/]+\/schema\.prisma$/, ['generate', 'restart']],
  // A service applies new migrations when it starts.
  [/^prisma\/.*\.sql$|^web\/src\/design\/.*\.css$|\.[jt]s$/, ['restart']],
]

const ORDER: readonly Step[] = ['compose', 'generate', 'restart']

/** Returns the steps that changes of these files need, in the order in which they have to run. */
export function stepsAfter(files: readonly string[]): Step[] {
  const needed = new Set(files.flatMap((file) => RULES.find(([pattern]) => pattern.test(file))?.[1] ?? []))
  return ORDER.filter((step) => needed.has(step))
}
