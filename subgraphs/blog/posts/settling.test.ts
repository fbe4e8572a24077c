import { newId } from '../../../platform/ids.ts'
import { type BlogUnderTest, startBlogUnderTest } from '../../../testing/blog/blog.ts'
import { eventually } from '../../../testing/eventually.ts'

let blog: BlogUnderTest
const author = newId()

beforeAll(async () => {
  blog = await startBlogUnderTest()
})
afterAll(() => blog.stop())

/** Inserts the row that a process leaves if it is killed while publishing, `early` milliseconds before it is due. */
async function leavePending(early: number, mediaId: string): Promise<string> {
  const id = newId()
  await blog.sql.query('INSERT INTO moblog (id) VALUES ($1) ON CONFLICT DO NOTHING', [author])
  await blog.sql.query(
    `INSERT INTO post (id, moblog_id, audience, text, media_ids, client_mutation_id, created_at, settle_after)
     VALUES ($1::uuid, $2, 'PUBLIC', 'half', ARRAY[$3::uuid], $1::text, now(), now() + $4 * interval '1 ms')`,
    [id, author, mediaId, early],
  )
  return id
}

const SETTLED = { state: 'DELETED', revision: 2, settle_after: null }

const stateOf = async (id: string) =>
  (await blog.sql.query('SELECT state, revision, settle_after FROM post WHERE id = $1', [id])).rows[0]

describe('settling after a killed process', () => {
  it('removes a post that was stored but not published, and revokes access to its media', async () => {
    const media = blog.media(author)
    const id = await leavePending(0, media)
    // Killed after the report to `communication`: the media file is open although no post shows it.
    await blog.communication.internal.execute(
      {
        query: `mutation ($input: SetPostAudienceInput!) { setPostAudience(input: $input) { unknownMediaIds } }`,
        variables: {
          input: { postId: id, ownerId: author, mediaIds: [media], audience: 'PUBLIC', revision: 1 },
        },
      },
      { kind: 'service', service: 'blog' },
    )
    await eventually(async () => expect(await stateOf(id)).toEqual(SETTLED), 15_000)
    expect(blog.communication.audienceOf(media)).toEqual([])
    expect(await blog.publish(author, { mediaIds: [media], clientMutationId: id })).not.toBe(id)
  })

  it('does not touch a post that another process may still be publishing', async () => {
    const id = await leavePending(5_000, blog.media(author))
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(await stateOf(id)).toMatchObject({ state: 'PENDING', revision: 1 })
  })

  it('reports a deleted post at the start of a process, if its deletion was not reported', async () => {
    const media = blog.media(author)
    const id = await blog.publish(author, { mediaIds: [media] })
    await blog.sql.query(
      `UPDATE post SET state = 'DELETED', published_at = NULL, media_ids = '{}', revision = 2,
         settle_after = now()
       WHERE id = $1`,
      [id],
    )
    const another = await blog.startAnother()
    await eventually(() => another.ready(), 15_000)
    await eventually(() => expect(blog.communication.audienceOf(media)).toEqual([]), 15_000)
    await eventually(async () => expect(await stateOf(id)).toEqual(SETTLED), 15_000)
  })

  it('settles the other posts if one of them fails', async () => {
    const stuck = await leavePending(0, blog.media(author))
    blog.communication.beforeReport = ({ postId }) => {
      if (postId === stuck) throw new Error('no')
    }
    const other = await leavePending(0, blog.media(author))
    await eventually(async () => expect(await stateOf(other)).toEqual(SETTLED), 15_000)
    blog.communication.beforeReport = () => {}
    await eventually(async () => expect(await stateOf(stuck)).toEqual(SETTLED), 15_000)
  })
})

describe('the row of a deleted post', () => {
  it('is removed after a week', async () => {
    const id = await blog.publish(author)
    await blog.ask(author, `mutation { deletePost(input: { postId: "${id}" }) { __typename } }`)
    await eventually(async () => expect(await stateOf(id)).toEqual(SETTLED), 15_000)
    await blog.sql.query(`UPDATE post SET created_at = now() - interval '8 days' WHERE id = $1`, [id])
    await blog.startAnother()
    await eventually(async () => expect(await stateOf(id)).toBeUndefined(), 15_000)
  })
})
