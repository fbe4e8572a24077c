import { readFileSync } from 'node:fs'
import { composeServices } from '@theguild/federation-composition'
import { buildSchema, type DefinitionNode, lexicographicSortSchema, parse, print, printSchema } from 'graphql'
import { composeSchemas } from './compose.ts'
import { SUBGRAPH_NAMES, subgraphSdl } from './subgraph-sdl.ts'

const checkedIn = (name: string) => readFileSync(new URL(`./${name}`, import.meta.url), 'utf8')

describe('the composed schemas', () => {
  const composed = composeSchemas()

  it.each([
    ['supergraph.graphql', composed.supergraph],
    ['api.graphql', composed.api],
  ])('%s is up to date: `npm run compose` would write the same file', (file, fresh) => {
    // Compares a boolean: a diff of two files of a thousand lines does not help a developer who only has to run a
    // command.
    expect({ file, isFresh: checkedIn(file) === fresh }).toEqual({ file, isFresh: true })
  })

  it('keep the operations between services out of the schema for clients', () => {
    expect(composed.api).not.toMatch(/openUpload|registerMedia|setPostAudience|revoke|_entities|_service/)
  })
})

describe('the composer of The Guild, which is independent of the one of Apollo', () => {
  const { errors, publicSdl = '' } = composeServices(
    SUBGRAPH_NAMES.map((name) => ({ name, typeDefs: parse(subgraphSdl(name)) })),
  )

  it('has no objections to the schemas', () => {
    expect(errors?.map(String) ?? []).toEqual([])
  })

  it('composes the same API for clients', () => {
    const sorted = (sdl: string) => printSchema(lexicographicSortSchema(buildSchema(sdl)))
    expect(sorted(publicSdl)).toBe(sorted(composeSchemas().api))
  })
})

type NamedDefinition = DefinitionNode & { name: { value: string } }

const definitions = SUBGRAPH_NAMES.map((name) => ({
  subgraph: name,
  types: new Map(
    parse(subgraphSdl(name))
      .definitions.filter((node): node is NamedDefinition => 'name' in node && node.name !== undefined)
      .map((node) => [node.name.value, node]),
  ),
}))

/** Returns the types that are in more than one subgraph's file, with each subgraph and its definition. */
function repeatedTypes() {
  const names = new Set(definitions.flatMap(({ types }) => [...types.keys()]))
  return [...names]
    .map((name) => ({
      name,
      definedIn: definitions.flatMap(({ subgraph, types }) => {
        const node = types.get(name)
        return node ? [{ subgraph, node }] : []
      }),
    }))
    .filter(({ name, definedIn }) => definedIn.length > 1 && !CONTRIBUTED.includes(name))
}

// Each subgraph defines its own fields of these types. Composition checks that the definitions fit together.
const CONTRIBUTED = [
  'Query',
  'Mutation',
  'User',
  'AudienceList',
  'Moblog',
  'Media',
  'Post',
  'Comment',
  'UploadSession',
]

describe('types that several subgraphs define', () => {
  it.each(repeatedTypes())('$name has the same definition in each subgraph', ({ definedIn }) => {
    const [first, ...others] = definedIn.map(({ node }) => print(node))
    for (const other of others) expect(other).toBe(first)
  })
})
