import { newId } from '../../../platform/ids.ts'
import { listOf } from '../../../testing/communication/audience-lists.ts'
import {
  startTestCommunication,
  type TestCommunication,
  viewer,
} from '../../../testing/communication/communication.ts'
import { feedOf, inboxOf, reported } from '../../../testing/communication/inbox.ts'
import { postOf } from '../../../testing/communication/media.ts'

let app: TestCommunication
let names = 0

beforeAll(async () => {
  app = await startTestCommunication()
})
afterAll(() => app.close())

const people = (count: number) => app.people(...Array.from({ length: count }, () => `replier${++names}`))
const at = (seconds: number) => new Date(Date.UTC(2026, 10, 26) + seconds * 1000).toISOString()
const shownTo = async (userId: string) => (await inboxOf(app, userId)).shown

async function scene() {
  const [authorId = '', commentAuthorId = '', actorId = ''] = await people(3)
  const facts = { authorId, commentAuthorId, actorId, postId: newId(), commentId: newId() }
  const happens = (kind: string, more: Partial<typeof facts> & { occurredAt?: string } = {}) =>
    reported(app, { kind, ...facts, ...more })
  return { ...facts, happens }
}

describe('a notification of a reply', () => {
  it('goes once to the author of the comment', async () => {
    const { commentAuthorId, authorId, postId, commentId, happens } = await scene()
    for (const _ of Array(2)) await happens('REPLIED')
    expect(await shownTo(commentAuthorId)).toEqual([
      expect.objectContaining({
        __typename: 'CommentReplied',
        post: { id: postId },
        comment: { id: commentId },
      }),
    ])
    expect(await shownTo(authorId)).toEqual([])
  })

  it('is not sent to a user who was notified of the same comment as the author of the post', async () => {
    const { authorId, happens } = await scene()
    await happens('COMMENTED')
    await happens('REPLIED', { commentAuthorId: authorId })
    expect((await shownTo(authorId)).map(({ __typename }) => __typename)).toEqual(['PostCommented'])
  })

  it.each([
    ['after', ['REPLIED', 'COMMENT_DELETED']],
    ['before', ['COMMENT_DELETED', 'REPLIED']],
  ])('disappears with the reply, if the report of the deletion arrives %s it', async (_when, kinds) => {
    const { commentAuthorId, happens } = await scene()
    for (const kind of kinds) await happens(kind)
    expect((await inboxOf(app, commentAuthorId)).shown).toEqual([])
    expect((await inboxOf(app, commentAuthorId)).unread).toBe(0)
  })

  it('is hidden while one of the two has blocked the other, and when the post is deleted', async () => {
    const { commentAuthorId, actorId, happens } = await scene()
    await happens('REPLIED')
    const does = (verb: string) =>
      app.ask(
        `mutation ($id: ID!) { ${verb}(input: { userId: $id }) { __typename } }`,
        { id: actorId },
        viewer(commentAuthorId),
      )
    await does('blockUser')
    expect(await shownTo(commentAuthorId)).toEqual([])
    await does('unblockUser')
    expect(await shownTo(commentAuthorId)).toHaveLength(1)
    await happens('DELETED')
    expect(await shownTo(commentAuthorId)).toEqual([])
  })
})

describe('a notification of a like of a comment', () => {
  it('goes once to the author of the comment, and says who likes it', async () => {
    const { commentAuthorId, actorId, postId, commentId, happens } = await scene()
    for (const _ of Array(2)) await happens('COMMENT_LIKED')
    expect(await shownTo(commentAuthorId)).toEqual([
      expect.objectContaining({
        __typename: 'CommentLiked',
        post: { id: postId },
        comment: { id: commentId },
        by: { id: actorId },
      }),
    ])
  })

  it('disappears when the like is taken back, and comes back with the like', async () => {
    const { commentAuthorId, happens } = await scene()
    await happens('COMMENT_LIKED', { occurredAt: at(1) })
    await happens('COMMENT_UNLIKED', { occurredAt: at(2) })
    expect(await shownTo(commentAuthorId)).toEqual([])
    await happens('COMMENT_LIKED', { occurredAt: at(3) })
    expect(await shownTo(commentAuthorId)).toHaveLength(1)
    await happens('COMMENT_UNLIKED', { occurredAt: at(2) })
    expect(await shownTo(commentAuthorId)).toHaveLength(1)
  })

  it.each(['COMMENT_DELETED', 'DELETED'])('disappears when the comment goes: %s', async (kind) => {
    const { commentAuthorId, happens } = await scene()
    await happens('COMMENT_LIKED')
    await happens(kind)
    expect(await shownTo(commentAuthorId)).toEqual([])
  })
})

describe.each(['REPLIED', 'COMMENT_LIKED'])('a notification of %s that its user would not see', (kind) => {
  it.each(['the post is for a list without the user', 'the user has blocked the one who acts'])(
    'takes no position in the inbox: %s',
    async (reason) => {
      const { authorId, commentAuthorId, actorId, postId, happens } = await scene()
      if (reason.startsWith('the post')) {
        const audienceListId = await listOf(app, authorId)
        await postOf(app, authorId, [], 'ONLY_LIST', { postId, audienceListId })
      } else {
        const block = 'mutation ($id: ID!) { blockUser(input: { userId: $id }) { __typename } }'
        await app.ask(block, { id: actorId }, viewer(commentAuthorId))
      }
      const { end } = await feedOf(app, commentAuthorId, null)
      await happens(kind)
      expect((await feedOf(app, commentAuthorId, null)).end).toBe(end)
    },
  )
})

it.each(['REPLIED', 'COMMENT_LIKED'])(
  'a report of %s without the author of the comment is refused',
  async (kind) => {
    const [authorId = '', actorId = ''] = await people(2)
    const report = reported(app, { kind, authorId, actorId, commentId: newId() })
    await expect(report).rejects.toThrow('BAD_USER_INPUT')
  },
)
