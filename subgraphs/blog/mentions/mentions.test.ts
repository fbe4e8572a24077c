import { newId } from '../../../platform/ids.ts'
import { type BlogUnderTest, startBlogUnderTest } from '../../../testing/blog/blog.ts'
import { edit, entitiesOf, mentionedIn, mentionReports } from '../../../testing/blog/entities.ts'
import { eventually } from '../../../testing/eventually.ts'

let blog: BlogUnderTest
let author: string
let ann: string
let bob: string
let round = 0

beforeAll(async () => {
  blog = await startBlogUnderTest({ backgroundEveryMs: 60_000 })
})
afterAll(() => blog.stop())

beforeEach(() => {
  ;[author, ann, bob] = [newId(), newId(), newId()]
  round++
  blog.communication.name(ann, `ann_${round}`)
  blog.communication.name(bob, `bob_${round}`)
  blog.communication.beforeHandles = () => {}
})

const saying = (...handles: string[]) => `Hello ${handles.map((each) => `@${each}_${round}`).join(' and ')}!`
const rows = async (postId: string) =>
  (await blog.sql.query('SELECT handle FROM post_mention WHERE post_id = $1 ORDER BY 1', [postId])).rows.map(
    ({ handle }) => handle,
  )

describe('the mentions of a post', () => {
  it('name the users who have the handles, with one call for all of them', async () => {
    const before = blog.communication.handleQueries
    const id = await blog.publish(author, { text: `${saying('ann', 'BOB', 'nobody')} #tag` })
    expect(blog.communication.handleQueries).toBe(before + 1)
    const handle = `@ann_${round}`
    expect(await entitiesOf(blog, newId(), id)).toEqual([
      { __typename: 'MentionEntity', start: 6, length: handle.length, user: { id: ann } },
      { __typename: 'MentionEntity', start: 11 + handle.length, length: handle.length, user: { id: bob } },
      expect.objectContaining({ __typename: 'HashtagEntity', tag: 'tag' }),
    ])
    const withoutHandles = blog.communication.handleQueries
    await blog.publish(author, { text: 'a@example.com' })
    expect(blog.communication.handleQueries).toBe(withoutHandles)
  })

  it('keep their users when another user takes the handle, also after an edit', async () => {
    const id = await blog.publish(author, { text: saying('ann') })
    blog.communication.name(newId(), `ann_${round}`)
    expect(await mentionedIn(blog, null, id)).toEqual([ann])
    await edit(blog, author, { postId: id, text: `${saying('ann', 'bob')} Again` })
    expect(await mentionedIn(blog, null, id)).toEqual([ann, bob])
  })

  it.each(['INVISIBLE', 'BLOCKED'] as const)(
    'are left out for a viewer to whom the user is %s, like handles that nobody has',
    async (relationship) => {
      const viewer = newId()
      blog.communication.relate(viewer, ann, relationship)
      const id = await blog.publish(author, { text: saying('ann', 'bob') })
      const other = await blog.publish(author, { text: saying('xyz', 'bob') })
      expect(await mentionedIn(blog, viewer, id)).toEqual([bob])
      expect(await entitiesOf(blog, viewer, id)).toEqual(await entitiesOf(blog, viewer, other))
    },
  )

  it.each(['INVISIBLE', 'BLOCKED'] as const)(
    'are not saved if the user is %s to the author',
    async (kind) => {
      blog.communication.relate(author, ann, kind)
      const id = await blog.publish(author, { text: saying('ann', 'bob') })
      expect(await rows(id)).toEqual([`bob_${round}`])
    },
  )

  it('are removed by an edit and with the post', async () => {
    const id = await blog.publish(author, { text: saying('ann', 'bob') })
    await edit(blog, author, { postId: id, text: saying('bob') })
    expect(await rows(id)).toEqual([`bob_${round}`])
    const remove = 'mutation ($id: ID!) { deletePost(input: { postId: $id }) { __typename } }'
    await blog.ask(author, remove, { id })
    expect(await rows(id)).toEqual([])
  })
})

describe('communication', () => {
  it('is told whom a post mentions before it is told of the post, so that nobody is notified twice', async () => {
    const id = await blog.publish(author, { text: saying('ann', 'bob'), audience: 'FRIENDS' })
    const { mentioned, kinds } = await mentionReports(blog, id, 1)
    expect(kinds).toEqual(['MENTIONED', 'PUBLISHED'])
    expect(mentioned[0]).toMatchObject({ authorId: author, audience: 'FRIENDS', unmentionedIds: [] })
    expect(mentioned[0]?.mentionedIds).toEqual(expect.arrayContaining([ann, bob]))
  })

  it('is told of a post with media when the post becomes visible', async () => {
    const id = await blog.publish(author, { text: saying('ann'), mediaIds: [blog.media(author)] })
    expect((await mentionReports(blog, id, 1)).kinds).toEqual(['MENTIONED', 'PUBLISHED'])
  })

  it('is told of edits that change the mentions, their audience or whether everyone sees the post, and of no others', async () => {
    const id = await blog.publish(author, { text: saying('ann') })
    await edit(blog, author, { postId: id, text: `${saying('ann')} Hm` })
    await edit(blog, author, { postId: id, text: saying('bob') })
    await edit(blog, author, { postId: id, audience: 'FRIENDS' })
    await edit(blog, author, { postId: id, audience: 'ONLY_ME' })
    await edit(blog, author, { postId: id, text: 'Nobody' })
    await edit(blog, author, { postId: id, audience: 'PUBLIC' })
    const { mentioned } = await mentionReports(blog, id, 6)
    expect(mentioned).toMatchObject([
      { mentionedIds: [ann], unmentionedIds: [], audience: 'PUBLIC' },
      { mentionedIds: [bob], unmentionedIds: [ann], audience: 'PUBLIC' },
      { mentionedIds: [bob], unmentionedIds: [], audience: 'FRIENDS' },
      { mentionedIds: [bob], unmentionedIds: [], audience: 'ONLY_ME' },
      { mentionedIds: [], unmentionedIds: [bob], audience: 'ONLY_ME' },
      { mentionedIds: [], unmentionedIds: [], audience: 'PUBLIC' },
    ])
  })

  it('is not told of mentions in a post that only its author sees, until others see it', async () => {
    const id = await blog.publish(author, { text: saying('ann'), audience: 'ONLY_ME' })
    await mentionReports(blog, id, 0)
    await edit(blog, author, { postId: id, audience: 'FRIENDS' })
    expect((await mentionReports(blog, id, 1)).kinds).toEqual(['MENTIONED', 'PUBLISHED'])
  })

  it('may be down: the post is published, and its mentions are found and reported later', async () => {
    blog.communication.beforeHandles = () => {
      throw new Error('down')
    }
    const id = await blog.publish(author, { text: saying('ann', 'nobody') })
    expect(await mentionedIn(blog, null, id)).toEqual([])
    const edited = await blog.publish(author, { text: 'Nobody' })
    await edit(blog, author, { postId: edited, text: saying('bob') })
    blog.communication.beforeHandles = () => {}
    await eventually(
      () => mentionedIn(blog, null, id),
      ([user]) => user === ann,
      30_000,
    )
    expect((await mentionReports(blog, id, 1)).mentioned[0]).toMatchObject({ mentionedIds: [ann] })
    expect((await mentionReports(blog, edited, 1)).mentioned[0]).toMatchObject({ mentionedIds: [bob] })
    expect(await mentionedIn(blog, null, edited)).toEqual([bob])
  }, 60_000)
})
