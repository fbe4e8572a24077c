import { eventually } from '../eventually.ts'
import { type BlogUnderTest, startBlogUnderTest } from './blog.ts'

/** A page of moblogs. */
export type MoblogPage = {
  edges: { node: { id: string } }[]
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
}

/** A running blog service with functions that read its lists of moblogs. */
export type DiscoveryUnderTest = BlogUnderTest & {
  /** A page of the list that the operation aliases as `found`, with up to 100 moblogs unless `first` is given. */
  page(viewerId: string | null, operation: string, variables?: object): Promise<MoblogPage>
  /** The ids of the moblogs in such a page. */
  found(viewerId: string | null, operation: string, variables?: object): Promise<string[]>
  /** The ids of all moblogs in the list, read page by page. */
  readAll(viewerId: string | null, operation: string, variables: object): Promise<string[]>
  /** Waits until all moblogs with new activity are ranked. */
  ranked(): Promise<void>
}

/** The fields selected for a page of moblogs. */
export const MOBLOGS = 'edges { node { id } } pageInfo { hasNextPage endCursor }'

/** A query for a home page list. */
export const HOME = (field: string) =>
  `query ($first: Int, $after: String) { found: ${field}(first: $first, after: $after) { ${MOBLOGS} } }`

/** Starts a blog service for a test. */
export async function startDiscoveryUnderTest(): Promise<DiscoveryUnderTest> {
  const blog = await startBlogUnderTest()
  const page: DiscoveryUnderTest['page'] = async (viewerId, operation, variables = {}) => {
    const withDefaults = { first: 100, ...variables }
    return (await blog.ask<{ found: MoblogPage }>(viewerId, operation, withDefaults)).found
  }
  return {
    ...blog,
    page,
    async found(viewerId, operation, variables) {
      return (await page(viewerId, operation, variables)).edges.map(({ node }) => node.id)
    },
    async readAll(viewerId, operation, variables) {
      const seen: string[] = []
      let after: string | null = null
      do {
        const { edges, pageInfo } = await page(viewerId, operation, { ...variables, after })
        seen.push(...edges.map(({ node }) => node.id))
        after = pageInfo.hasNextPage ? pageInfo.endCursor : null
      } while (after)
      return seen
    },
    ranked: () =>
      eventually(async () => expect((await blog.sql.query('SELECT FROM rank_due')).rowCount).toBe(0), 15_000),
  }
}
