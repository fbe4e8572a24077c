import { readFileSync } from 'node:fs'
import { ApolloGateway } from '@apollo/gateway'
import { ApolloServer } from '@apollo/server'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { PrismaPg } from '@prisma/adapter-pg'
import { parse } from 'graphql'

// What a start spends most of its time on, apart from loading. After it was done once in a process, V8 has compiled it.

/** The module that Prisma generates for a service. */
export type PrismaModule = {
  PrismaClient: new (options: {
    adapter: PrismaPg
  }) => { $connect(): Promise<void>; $disconnect(): Promise<void> }
}

const ignore = () => {}
const SILENT = { debug: ignore, info: ignore, warn: ignore, error: ignore }

const schemaFile = (name: string) =>
  readFileSync(new URL(`../../schema/${name}.graphql`, import.meta.url), 'utf8')

/** Compiles Prisma's query compiler, which is WebAssembly. The database is not asked before the first query. */
export async function warmUpPrisma({ PrismaClient }: PrismaModule): Promise<void> {
  const adapter = new PrismaPg({ connectionString: 'postgresql://localhost/unused' })
  const client = new PrismaClient({ adapter })
  await client.$connect()
  await client.$disconnect()
}

/** Builds a subgraph's schema, and starts a gateway, which builds the query planner. Neither is asked anything. */
export async function warmUpGraphql(): Promise<void> {
  buildSubgraphSchema(parse(['blog', 'shared', 'scalars'].map(schemaFile).join('\n')))
  // Without this, @apollo/gateway reports usage to Apollo.
  process.env.APOLLO_TELEMETRY_DISABLED = 'true'
  const gateway = new ApolloGateway({ supergraphSdl: schemaFile('supergraph'), logger: SILENT })
  const server = new ApolloServer({ gateway, logger: SILENT, stopOnTerminationSignals: false })
  await server.start()
  await server.stop()
}
