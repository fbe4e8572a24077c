import { newId } from '../../../platform/ids.ts'
import { type BlogUnderTest, startBlogUnderTest } from '../../../testing/blog/blog.ts'

let blog: BlogUnderTest
let author: string
let viewer: string
/** Posts that look missing to the viewer and to signed-out users. */
let missing: Record<string, string>

beforeAll(async () => {
  blog = await startBlogUnderTest()
  author = newId()
  viewer = newId()
  const blocker = newId()
  blog.communication.relate(viewer, blocker, 'INVISIBLE')
  missing = {
    narrowed: await blog.publish(author, { text: 'mine', audience: 'ONLY_ME' }),
    'of a user who blocks the viewer': await blog.publish(blocker, { text: 'theirs', audience: 'FRIENDS' }),
    deleted: await blog.publish(author, { text: 'gone' }),
    'never there': newId(),
  }
  const id = missing.deleted
  await blog.ask(author, `mutation { deletePost(input: { postId: "${id}" }) { __typename } }`)
})

afterAll(() => blog?.stop())

/** What an operation answers, and how often it asks for relationships. */
async function costOf(who: string | null, query: string) {
  const before = blog.communication.relationshipQueries
  const answer = await blog.ask(who, query)
  return { answer, questions: blog.communication.relationshipQueries - before }
}

describe('a post that is hidden and one that does not exist', () => {
  it.each([
    ['read', (id: string) => `{ post(id: "${id}") { id } }`, 1],
    ['liked', (id: string) => `mutation { likePost(input: { postId: "${id}" }) { __typename } }`, 1],
    [
      'read beside its author',
      (id: string) =>
        `{ moblog(id: "${author}") { posts { edges { node { id } } } } post(id: "${id}") { id } }`,
      null,
    ],
  ])('take the same questions to communication when they are %s', async (_how, operation, questions) => {
    for (const who of [viewer, null]) {
      const costs: unknown[] = []
      for (const id of Object.values(missing)) costs.push(await costOf(who, operation(id)).catch(String))
      expect(costs).toEqual(costs.map(() => costs[0]))
      if (questions !== null && who !== null) expect(costs[0]).toMatchObject({ questions })
    }
  })

  it('leave authors able to read their own posts without communication', async () => {
    const { answer, questions } = await costOf(author, `{ post(id: "${missing.narrowed}") { text } }`)
    expect({ answer, questions }).toEqual({ answer: { post: { text: 'mine' } }, questions: 0 })
  })
})
