import { newId } from '../../../platform/ids.ts'
import { type BlogUnderTest, startBlogUnderTest } from '../../../testing/blog/blog.ts'
import { edit, entitiesOf, mentionedIn, mentionReports } from '../../../testing/blog/entities.ts'
import { eventually } from '../../../testing/eventually.ts'

let blog: BlogUnderTest
let author: string
let ann: string
let round = 0

beforeAll(async () => {
  blog = await startBlogUnderTest({ backgroundEveryMs: 60_000 })
})
afterAll(() => blog.stop())
beforeEach(() => {
  ;[author, ann] = [newId(), newId()]
  round++
})

/** Publishes a post whose mentions are not saved, like one from before mentions were saved. */
async function publishBefore(text: string): Promise<string> {
  const id = await blog.publish(author, { text })
  await blog.sql.query('DELETE FROM post_mention WHERE post_id = $1', [id])
  return id
}

/** Runs the backfill from the beginning, in another process. */
async function backfill(): Promise<void> {
  await blog.sql.query(
    `UPDATE mention_backfill SET after_id = '00000000-0000-0000-0000-000000000000', done = false`,
  )
  await blog.startAnother({ backgroundEveryMs: 60_000 })
  await eventually(
    async () => (await blog.sql.query('SELECT FROM mention_backfill WHERE done')).rowCount === 1,
    Boolean,
    30_000,
  )
}

it('finds the mentions of older posts, more than fit into a batch, and reports none of them', async () => {
  blog.communication.name(ann, `ann_${round}`)
  const posts: string[] = []
  for (let n = 0; n < 130; n++)
    posts.push(await publishBefore(n % 40 === 0 ? `Hi @ann_${round} #${n}x` : `No. ${n}`))
  blog.communication.activity.length = 0
  await backfill()
  for (const [n, id] of posts.entries())
    expect(await mentionedIn(blog, newId(), id)).toEqual(n % 40 === 0 ? [ann] : [])
  expect(await entitiesOf(blog, newId(), posts[120] ?? '')).toMatchObject([
    { __typename: 'MentionEntity', user: { id: ann } },
    { __typename: 'HashtagEntity', tag: '120x' },
  ])
  await mentionReports(blog, posts[0] ?? '', 0)
  await edit(blog, author, { postId: posts[0] ?? '', text: `Again @ann_${round}` })
  await mentionReports(blog, posts[0] ?? '', 0)
}, 60_000)

it('leaves out users who joined after the text was written, and users with a block', async () => {
  const [late, blocked] = [newId(), newId()]
  const text = `@ann_${round} @late_${round} @blocked_${round}`
  const id = await publishBefore(text)
  blog.communication.name(ann, `ann_${round}`)
  blog.communication.name(late, `late_${round}`, new Date())
  blog.communication.name(blocked, `blocked_${round}`)
  blog.communication.relate(author, blocked, 'INVISIBLE')
  await backfill()
  expect(await mentionedIn(blog, newId(), id)).toEqual([ann])
  await blog.sql.query('DELETE FROM post_mention WHERE post_id = $1', [id])
  await blog.sql.query(`UPDATE post SET edited_at = now() + interval '1 s' WHERE id = $1`, [id])
  await backfill()
  expect(await mentionedIn(blog, newId(), id)).toEqual([ann, late])
})

it('goes on when communication answers again', async () => {
  blog.communication.name(ann, `ann_${round}`)
  const id = await publishBefore(`@ann_${round}`)
  let failures = 1
  blog.communication.beforeHandles = () => {
    if (failures-- > 0) throw new Error('down')
  }
  await backfill()
  expect(failures).toBeLessThan(0)
  expect(await mentionedIn(blog, newId(), id)).toEqual([ann])
}, 60_000)
