import fc from 'fast-check'
import type { Audience } from '../../../generated/graphql/blog.ts'
import { newId } from '../../../platform/ids.ts'
import { type BlogUnderTest, startBlogUnderTest } from '../../../testing/blog/blog.ts'
import { eventually } from '../../../testing/eventually.ts'
import {
  maySeeMoblog,
  maySeePost,
  plainRelationship,
  type ViewerRelationship,
} from './viewer-relationship.ts'

// Plays random histories of several users. A model that knows all posts applies the access matrix to them. No viewer
// may ever see a post, a count, a search hit or a place on the home page that the matrix forbids.

type Kind = ViewerRelationship['kind']
type Post = { id: string; owner: string; word: string; audience: Audience }
type Step =
  | { do: 'publish'; by: number; audience: Audience; withMedia: boolean }
  | { do: 'edit'; which: number; audience: Audience }
  | { do: 'delete'; which: number }
  | { do: 'relate'; viewer: number; owner: number; relationship: Kind }

const USERS = 3
const user = fc.nat(USERS - 1)
const audience = fc.constantFrom<Audience>('PUBLIC', 'FRIENDS', 'ONLY_ME')
const relationship = fc.constantFrom<Kind>('FRIEND', 'NONE', 'REQUEST_SENT', 'BLOCKED', 'INVISIBLE')
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('publish'), by: user, audience, withMedia: fc.boolean() }),
  fc.record({ do: fc.constant('edit'), which: fc.nat(), audience }),
  fc.record({ do: fc.constant('delete'), which: fc.nat() }),
  fc.record({ do: fc.constant('relate'), viewer: user, owner: user, relationship }),
)

const plain = (audience: Audience) => ({ audience, audienceListId: null, expiresAt: null })

let blog: BlogUnderTest

beforeAll(async () => {
  blog = await startBlogUnderTest()
})
afterAll(() => blog.stop())

/** Plays a history with new users and returns the final state of the model. */
async function play(steps: readonly Step[]) {
  const users = Array.from({ length: USERS }, newId)
  const relationships = new Map<string, Kind>()
  let posts: Post[] = []
  const change = (owner: string, field: string, input: object) =>
    blog.ask(
      owner,
      `mutation ($input: ${field === 'editPost' ? 'EditPostInput' : 'PostIdInput'}!) {
      ${field}(input: $input) { __typename }
    }`,
      { input },
    )
  for (const each of steps) {
    const post = 'which' in each ? posts[each.which % Math.max(posts.length, 1)] : undefined
    if (each.do === 'publish') {
      const owner = users[each.by] ?? ''
      const word = `w${newId().replaceAll('-', '')}`
      const mediaIds = each.withMedia ? [blog.media(owner)] : []
      const id = await blog.publish(owner, { text: word, audience: each.audience, mediaIds })
      posts.push({ id, owner, word, audience: each.audience })
    } else if (each.do === 'edit' && post) {
      await change(post.owner, 'editPost', { postId: post.id, audience: each.audience })
      post.audience = each.audience
    } else if (each.do === 'delete' && post) {
      await change(post.owner, 'deletePost', { postId: post.id })
      posts = posts.filter((other) => other !== post)
    } else if (each.do === 'relate' && each.viewer !== each.owner) {
      const [viewer = '', owner = ''] = [users[each.viewer], users[each.owner]]
      if (each.relationship === 'SELF') continue
      blog.communication.relate(viewer, owner, each.relationship)
      relationships.set(`${viewer} ${owner}`, each.relationship)
    }
  }
  const relationshipOf = (viewer: string | null, owner: string): ViewerRelationship =>
    plainRelationship(viewer === owner ? 'SELF' : (relationships.get(`${viewer} ${owner}`) ?? 'NONE'))
  return { users, posts, relationshipOf }
}

const SEEN = `query ($id: ID!) {
  moblog(id: $id) { postCount posts(first: 20) { edges { node { id } } } }
}`
const FOUND = `query ($word: String!, $postId: ID!) {
  searchMoblogs(query: $word) { edges { node { id } } }
  post(id: $postId) { id }
}`
const HOME = '{ newestMoblogs(first: 100) { edges { node { id } } } }'

type Nodes = { edges: { node: { id: string } }[] }
const idsOf = ({ edges }: Nodes) => edges.map(({ node }) => node.id)

it('every viewer sees exactly the posts that the access matrix allows, after any sequence of changes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), async (steps) => {
      const { users, posts, relationshipOf } = await play(steps)
      await eventually(
        async () => expect((await blog.sql.query('SELECT FROM rank_due')).rowCount).toBe(0),
        15_000,
      )
      const look = async (viewer: string | null) => {
        const home = idsOf((await blog.ask<{ newestMoblogs: Nodes }>(viewer, HOME)).newestMoblogs)
        for (const owner of users) {
          const relationship = relationshipOf(viewer, owner)
          const allowed = posts.filter(
            (post) => post.owner === owner && maySeePost(relationship, plain(post.audience), new Date()),
          )
          const { moblog } = await blog.ask<{ moblog: { postCount: number; posts: Nodes } | null }>(
            viewer,
            SEEN,
            {
              id: owner,
            },
          )
          expect(moblog && { count: moblog.postCount, ids: idsOf(moblog.posts).toSorted() }).toEqual(
            maySeeMoblog(relationship)
              ? { count: allowed.length, ids: allowed.map(({ id }) => id).toSorted() }
              : null,
          )
          const isPublic = posts.some((post) => post.owner === owner && post.audience === 'PUBLIC')
          expect(home.includes(owner)).toBe(isPublic && maySeeMoblog(relationship))
        }
        for (const { id, owner, word, audience } of posts) {
          const isSeen = maySeePost(relationshipOf(viewer, owner), plain(audience), new Date())
          const variables = { word, postId: id }
          const found = await blog.ask<{ searchMoblogs: Nodes; post: object | null }>(
            viewer,
            FOUND,
            variables,
          )
          expect([idsOf(found.searchMoblogs), found.post]).toEqual(isSeen ? [[owner], { id }] : [[], null])
        }
      }
      // At the same time, because their reads are then joined.
      await Promise.all([...users, null].map(look))
    }),
    { numRuns: 15 },
  )
}, 120_000)
