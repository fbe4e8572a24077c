import { eventually } from '../eventually.ts'
import { type BlogUnderTest, startBlogUnderTest } from './blog.ts'

/** A page of posts in a home feed. */
export type FeedPage = {
  edges: { cursor: string; node: { id: string; seenByViewer: boolean } }[]
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
}

/** A running blog service with functions that change friendships and read home feeds. */
export type HomeFeedUnderTest = BlogUnderTest & {
  /** Makes two users friends. `communication` reports it. */
  befriend(one: string, other: string): Promise<void>
  /** Ends a friendship: the users are strangers, or the first has blocked the other. `communication` reports it. */
  separate(one: string, other: string, how: 'unfriend' | 'block'): Promise<void>
  /** Reports to the blog that a friendship has changed. */
  report(one: string, other: string): Promise<void>
  /** Waits until all changes are in the feeds. */
  settled(): Promise<void>
  page(viewerId: string | null, first?: number, after?: string | null): Promise<FeedPage>
  /** The ids of all posts in a feed, read in pages of `first`. */
  readAll(viewerId: string | null, first?: number): Promise<string[]>
  unseenCount(viewerId: string | null): Promise<number>
  /** Marks a feed as seen up to a post. Returns the name of the result's type. */
  markSeen(viewerId: string | null, upToPostId: string): Promise<string>
}

const REPORT = 'mutation ($input: ReportFriendshipInput!) { reportFriendship(input: $input) }'

const FEED = `query ($first: Int, $after: String) {
  feed(first: $first, after: $after) {
    edges { cursor node { id seenByViewer } } pageInfo { hasNextPage endCursor }
  }
}`

const MARK = 'mutation ($id: ID!) { markFeedSeen(input: { upToPostId: $id }) { __typename } }'

/** Starts a blog service for a test. */
export async function startHomeFeedUnderTest(): Promise<HomeFeedUnderTest> {
  const blog = await startBlogUnderTest({ backgroundEveryMs: 600_000 })
  const report = async (userId: string, otherId: string) => {
    const { errors } = await blog.internal(REPORT, { input: { userId, otherId } })
    if (errors?.[0]) throw errors[0]
  }
  const page: HomeFeedUnderTest['page'] = async (viewerId, first = 100, after = null) =>
    (await blog.ask<{ feed: FeedPage }>(viewerId, FEED, { first, after })).feed
  return {
    ...blog,
    report,
    page,
    async befriend(one, other) {
      blog.communication.befriend(one, other)
      await report(one, other)
    },
    async separate(one, other, how) {
      blog.communication.relate(one, other, how === 'block' ? 'BLOCKED' : 'NONE')
      blog.communication.relate(other, one, how === 'block' ? 'INVISIBLE' : 'NONE')
      await report(other, one)
    },
    settled: () =>
      eventually(
        async () =>
          expect(
            (await blog.sql.query(`SELECT FROM blog_outbox.message WHERE topic = 'home-feed'`)).rowCount,
          ).toBe(0),
        30_000,
      ),
    async readAll(viewerId, first = 100) {
      const seen: string[] = []
      let after: string | null = null
      do {
        const { edges, pageInfo } = await page(viewerId, first, after)
        seen.push(...edges.map(({ node }) => node.id))
        after = pageInfo.hasNextPage ? pageInfo.endCursor : null
      } while (after)
      return seen
    },
    async unseenCount(viewerId) {
      return (await blog.ask<{ feedUnseenCount: number }>(viewerId, '{ feedUnseenCount }')).feedUnseenCount
    },
    async markSeen(viewerId, id) {
      const answer = await blog.ask<{ markFeedSeen: { __typename: string } }>(viewerId, MARK, { id })
      return answer.markFeedSeen.__typename
    },
  }
}
