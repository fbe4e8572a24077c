import { partsOf, unaffected } from './parts.ts'

const parts = partsOf(['blog', 'storage'])
const GATEWAY = 'gateway/gateway.ts'
const [BLOG, STORAGE] = ['subgraphs/blog/service.ts', 'subgraphs/storage/service.ts']
const CLIENTS = ['generated/prisma/blog/client.ts', 'generated/prisma/storage/client.ts']

it.each<[string, string[]]>([
  ['subgraphs/blog/likes/change-like.ts', [GATEWAY, STORAGE, ...CLIENTS]],
  ['gateway/errors.ts', [BLOG, STORAGE, ...CLIENTS]],
  ['platform/errors.ts', CLIENTS],
  ['schema/blog.graphql', CLIENTS],
  ['generated/graphql/blog.ts', []],
  ['prisma/blog/schema.prisma', [GATEWAY, STORAGE, 'generated/prisma/storage/client.ts']],
  ['prisma/blog/migrations/20261126000000_more/migration.sql', [GATEWAY, BLOG, STORAGE, ...CLIENTS]],
  ['hosting/all-in-one.ts', [GATEWAY, BLOG, STORAGE, ...CLIENTS]],
])('after a change of %s, these parts need not be loaded again: %j', (file, entries) => {
  const found = unaffected(parts, [file]).map(({ entry }) => entry)
  expect(found.sort()).toEqual([...entries].sort())
})

it('several changes affect all of their parts', () => {
  const changed = ['subgraphs/blog/likes/change-like.ts', 'gateway/errors.ts']
  expect(unaffected(parts, changed).map(({ entry }) => entry)).toEqual([CLIENTS[0], CLIENTS[1], STORAGE])
})
