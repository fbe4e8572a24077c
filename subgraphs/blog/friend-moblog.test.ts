import { newId } from '../../platform/ids.ts'
import { type BlogUnderTest, startBlogUnderTest } from '../../testing/blog/blog.ts'
import { statementsOf } from '../../testing/blog/plans.ts'

/** The gateway's request to this service when a friend opens a moblog (schema/operations/friend-moblog.graphql). */
const FRIEND_MOBLOG = `query ($representations: [_Any!]!, $first: Int, $after: String) {
  _entities(representations: $representations) { ... on User { moblog {
    __typename id title
    posts(first: $first, after: $after) {
      edges { cursor node { id text audience publishedAt likeCount media { __typename id } } }
      pageInfo { hasNextPage endCursor }
    }
  } } }
}`

type Answer = { _entities: [{ moblog: { posts: { edges: { node: { media: unknown[] } }[] } } }] }

let blog: BlogUnderTest
const owner = newId()
const friend = newId()

beforeAll(async () => {
  // The long interval keeps statements of post settlement out of the counts.
  blog = await startBlogUnderTest({ backgroundEveryMs: 60_000 })
  blog.communication.befriend(owner, friend)
  const mediaIds = Array.from({ length: 10 }, () => blog.media(owner))
  for (let index = 0; index < 100; index++) {
    await blog.publish(owner, { mediaIds, audience: index % 2 ? 'PUBLIC' : 'FRIENDS' })
  }
})
afterAll(() => blog.stop())

describe("the friend's single query", () => {
  it.each([5, 20, 100])('takes two statements and one call to communication for %i posts', async (first) => {
    const representations = [{ __typename: 'User', id: owner }]
    const queriesBefore = blog.communication.relationshipQueries
    const statements = await statementsOf(async () => {
      const answer = await blog.ask<Answer>(friend, FRIEND_MOBLOG, { representations, first })
      const edges = answer._entities[0].moblog.posts.edges
      expect(edges.map(({ node }) => node.media.length)).toEqual(Array(first).fill(10))
    })
    expect(statements).toHaveLength(2)
    expect(blog.communication.relationshipQueries).toBe(queriesBefore + 1)
  })

  it('takes two statements for fifty moblogs at once', async () => {
    const representations = Array.from({ length: 50 }, () => ({ __typename: 'User', id: newId() }))
    const statements = await statementsOf(() => blog.ask(friend, FRIEND_MOBLOG, { representations }))
    expect(statements).toHaveLength(2)
  })
})
