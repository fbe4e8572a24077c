import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { createTestDatabase } from '../testing/database.ts'
import { findDrift, runPrisma, subgraphsWithSchema } from './migrations.ts'
import { projectRoot } from './prisma-environment.ts'

let database: Awaited<ReturnType<typeof createTestDatabase>>

beforeAll(async () => {
  database = await createTestDatabase({ schemas: [] })
})

afterAll(() => database.drop())

test.each(subgraphsWithSchema())(
  'the migrations of %s create the tables of its schema.prisma',
  async (subgraph) => {
    expect(await findDrift({ subgraph, databaseUrl: database.url })).toBe('')
  },
)

test('`prisma migrate` recognizes the migrations that the product applies at its start', async () => {
  const subgraph = 'communication'
  const directory = path.join(projectRoot, 'prisma', subgraph, 'migrations')
  const migrated = await createTestDatabase({ schemas: [{ schema: subgraph, directory }] })
  const { output } = await runPrisma({ subgraph, databaseUrl: migrated.url }, ['migrate', 'status'])
  expect(output).toContain('Database schema is up to date!')
  await migrated.drop()
})

test('the Prisma CLI runs without downloading an engine', async () => {
  const home = await mkdtemp(path.join(os.tmpdir(), 'moblog-home-'))
  const offline = { HOME: home, XDG_CACHE_HOME: home, PRISMA_ENGINES_MIRROR: 'http://127.0.0.1:1' }
  const before = { ...process.env }
  Object.assign(process.env, offline)
  const { code, output } = await runPrisma({ subgraph: 'communication', databaseUrl: database.url }, [
    'validate',
  ])
  process.env = before
  expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('is valid') })
  await rm(home, { recursive: true })
})
