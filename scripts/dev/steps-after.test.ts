import { stepsAfter } from './steps-after.ts'

it.each([
  ['subgraphs/blog/likes/change-like.ts', ['restart']],
  ['main.js', ['restart']],
  ['web/src/design/tokens.css', ['restart']],
  ['generated/graphql/blog.ts', ['restart']],
  ['prisma/blog/migrations/20261126000000_more/migration.sql', ['restart']],
  ['prisma/blog/schema.prisma', ['generate', 'restart']],
  ['schema/operations/feed.graphql', ['generate', 'restart']],
  ['schema/internal/blog.graphql', ['generate', 'restart']],
  ['subgraphs/blog/internal-operations/storage/media-files.graphql', ['generate', 'restart']],
  ['codegen.yml', ['generate', 'restart']],
  ['schema/blog.graphql', ['compose', 'generate', 'restart']],
  ['schema/supergraph.graphql', []],
  ['schema/api.graphql', []],
  ['schema/consumers/demo/media.graphql', []],
  ['subgraphs/blog/likes/likes.test.ts', []],
  ['subgraphs/blog/README.md', []],
])('after a change of %s, these steps run: %j', (file, steps) => {
  expect(stepsAfter([file])).toEqual(steps)
})

it('several changes need each step once, in order', () => {
  const changed = ['gateway/gateway.ts', 'prisma/blog/schema.prisma', 'schema/blog.graphql']
  expect(stepsAfter(changed)).toEqual(['compose', 'generate', 'restart'])
})
