import { defineConfig } from 'prisma/config'

/**
 * One configuration for every subgraph: `SUBGRAPH` names the folder under prisma/ and the PostgreSQL schema.
 * Use it through `npm run migrate -- <subgraph> ...` (scripts/prisma.ts), which sets the environment.
 */
const subgraph = process.env.SUBGRAPH ?? 'communication'

/** Other code works on `DATABASE_URL` as it is; the Prisma CLI wants the PostgreSQL schema in it. */
function withSchema(databaseUrl: string): string {
  const url = new URL(databaseUrl)
  url.searchParams.set('schema', subgraph)
  return url.href
}

const url = process.env.DATABASE_URL ? withSchema(process.env.DATABASE_URL) : undefined

export default defineConfig({
  schema: `prisma/${subgraph}/schema.prisma`,
  migrations: { path: `prisma/${subgraph}/migrations` },
  // The CLI insists on the address of a shadow database; our schema engine creates one of its own beside `url`.
  ...(url && { datasource: { url, shadowDatabaseUrl: `${url}&shadow=1` } }),
})
