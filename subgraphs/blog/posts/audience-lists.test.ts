import { newId } from '../../../platform/ids.ts'
import { type BlogUnderTest, startBlogUnderTest } from '../../../testing/blog/blog.ts'
import { statementsOf } from '../../../testing/blog/plans.ts'
import { eventually } from '../../../testing/eventually.ts'

const POST = `query ($id: ID!) { post(id: $id) { id audience audienceList { reference } expiresAt } }`
const EDIT = `mutation ($input: EditPostInput!) {
  result: editPost(input: $input) {
    __typename ... on Failure { code message } ... on InvalidInput { field }
    ... on EditPostPayload { post { audience } }
  }
}`
const PUBLISH = `mutation ($input: PublishPostInput!) {
  result: publishPost(input: $input) {
    __typename ... on Failure { code message } ... on InvalidInput { field }
    ... on PublishPostPayload { post { id audience } }
  }
}`

type Result = {
  result: { __typename: string; code?: string; field?: string; post?: { id: string; audience: string } }
}

let blog: BlogUnderTest
let author: string
let member: string
let other: string
let listId: string

beforeAll(async () => {
  blog = await startBlogUnderTest()
})
afterAll(() => blog.stop())

beforeEach(() => {
  ;[author = '', member = '', other = ''] = [newId(), newId(), newId()]
  blog.communication.befriend(author, member)
  blog.communication.befriend(author, other)
  listId = blog.communication.list(author, [member])
})

const publish = async (input: object) =>
  (await blog.ask<Result>(author, PUBLISH, { input: { text: 'Hello', ...input } })).result
const edit = async (postId: string, input: object) =>
  (await blog.ask<Result>(author, EDIT, { input: { postId, ...input } })).result
const read = async (viewerId: string | null, id: string) =>
  (await blog.ask<{ post: object | null }>(viewerId, POST, { id })).post
const reportsOf = (postId: string) =>
  blog.communication.reports
    .filter((report) => report.postId === postId)
    .map(({ audience, audienceListId }) => [audience, audienceListId])
const activityOf = (postId: string) => blog.communication.activity.filter((each) => each.postId === postId)
const settled = (postId: string) =>
  eventually(async () => {
    const { rowCount } = await blog.sql.query('SELECT FROM post WHERE id = $1 AND settle_after IS NULL', [
      postId,
    ])
    return rowCount === 1
  }, 15_000)

describe('a post for an audience list', () => {
  it('reads as FRIENDS without a list for everyone but its author', async () => {
    const id = await blog.publish(author, { audience: 'ONLY_LIST', audienceListId: listId })
    const seen = { id, expiresAt: null }
    expect(await read(author, id)).toEqual({
      ...seen,
      audience: 'ONLY_LIST',
      audienceList: { reference: listId },
    })
    expect(await read(member, id)).toEqual({ ...seen, audience: 'FRIENDS', audienceList: null })
    expect(await read(other, id)).toBeNull()
    const except = await blog.publish(author, { audience: 'EXCEPT_LIST', audienceListId: listId })
    expect(await read(other, except)).toMatchObject({ audience: 'FRIENDS', audienceList: null })
    expect(await read(member, except)).toBeNull()
  })

  it('is seen only by its author after the list was deleted, also in lists and counts', async () => {
    const id = await blog.publish(author, { audience: 'EXCEPT_LIST', audienceListId: listId })
    blog.communication.unlist(listId)
    const query = `{ moblog(id: "${author}") { postCount posts { edges { node { id } } } } }`
    for (const [viewer, ids] of [
      [author, [id]],
      [other, []],
      [member, []],
    ] as const) {
      const { moblog } = await blog.ask<{ moblog: object }>(viewer, query)
      expect(moblog).toEqual({
        postCount: ids.length,
        posts: { edges: ids.map((each) => ({ node: { id: each } })) },
      })
    }
  })

  it('cannot be commented on or liked by a friend outside of the audience, who can take back both', async () => {
    const id = await blog.publish(author, { audience: 'FRIENDS' })
    const like = `mutation { r: likePost(input: { postId: "${id}" }) { __typename } }`
    const comment = `mutation { r: commentOnPost(input: { postId: "${id}", text: "Hm" }) { __typename
      ... on CommentOnPostPayload { comment { id } } } }`
    await blog.ask(other, like)
    const { r } = await blog.ask<{ r: { comment: { id: string } } }>(other, comment)
    await edit(id, { audience: 'ONLY_LIST', audienceListId: listId })
    for (const mutation of [like, comment]) {
      expect(await blog.ask(other, mutation)).toEqual({ r: { __typename: 'RequestFailed' } })
    }
    const counts = () => blog.ask(author, `{ post(id: "${id}") { likeCount commentCount } }`)
    expect(await counts()).toEqual({ post: { likeCount: 1, commentCount: 1 } })
    const unlike = `mutation { r: unlikePost(input: { postId: "${id}" }) { __typename } }`
    const remove = `mutation { r: deleteComment(input: { commentId: "${r.comment.id}" }) { __typename } }`
    for (const mutation of [unlike, remove]) {
      expect(await blog.ask(other, mutation)).toEqual({ r: { __typename: 'RequestFailed' } })
    }
    expect(await counts()).toEqual({ post: { likeCount: 0, commentCount: 0 } })
  })

  it('is reported to communication before it is visible, also without media', async () => {
    blog.communication.beforeReport = async ({ postId }) => {
      expect(await read(author, postId)).toBeNull()
    }
    const id = await blog.publish(author, { audience: 'ONLY_LIST', audienceListId: listId })
    blog.communication.beforeReport = () => {}
    expect(reportsOf(id)).toEqual([['ONLY_LIST', listId]])
    await eventually(() => activityOf(id).length === 1, 15_000)
    expect(activityOf(id)).toMatchObject([
      { kind: 'PUBLISHED', audience: 'ONLY_LIST', audienceListId: listId },
    ])
  })

  it('is not published if communication does not answer', async () => {
    blog.communication.beforeReport = () => {
      throw new Error('down')
    }
    const input = { audience: 'ONLY_LIST', audienceListId: listId, clientMutationId: newId() }
    await expect(publish(input)).rejects.toThrow()
    blog.communication.beforeReport = () => {}
    expect(await publish(input)).toMatchObject({ post: { audience: 'ONLY_LIST' } })
  })

  it('costs its reader no more statements', async () => {
    const query = `{ moblog(id: "${author}") { title posts { edges { node { id } } } } }`
    const count = async () => {
      const statements = await statementsOf(() => blog.ask(member, query))
      return statements.filter(({ text }) => text.includes('asked') || text.includes('moblog-texts')).length
    }
    const before = await count()
    for (let lists = 0; lists < 20; lists++) {
      const audienceListId = blog.communication.list(author, [member])
      await blog.publish(author, { audience: 'ONLY_LIST', audienceListId })
    }
    expect(await count()).toBe(before)
  })
})

describe('editing the audience', () => {
  it('to a list is reported first, and from a list afterwards', async () => {
    const id = await blog.publish(author, { audience: 'FRIENDS' })
    blog.communication.beforeReport = async () => {
      expect(await read(other, id)).not.toBeNull()
    }
    await edit(id, { audience: 'ONLY_LIST', audienceListId: listId })
    expect(await read(other, id)).toBeNull()
    await edit(id, { audience: 'FRIENDS' })
    blog.communication.beforeReport = () => {}
    expect(reportsOf(id)).toEqual([
      ['ONLY_LIST', listId],
      ['FRIENDS', null],
    ])
    expect(await read(other, id)).toMatchObject({ audience: 'FRIENDS' })
  })

  it('from one list to another closes the media in between', async () => {
    const second = blog.communication.list(author, [other])
    const mediaIds = [blog.media(author)]
    const id = await blog.publish(author, { audience: 'ONLY_LIST', audienceListId: listId, mediaIds })
    await edit(id, { audienceListId: second })
    expect(reportsOf(id)).toEqual([
      ['ONLY_LIST', listId],
      ['ONLY_ME', null],
      ['ONLY_LIST', second],
    ])
    expect(await Promise.all([member, other].map((viewer) => read(viewer, id)))).toEqual([
      null,
      expect.anything(),
    ])
  })

  it('is completed by settlement if the process is killed between the two reports', async () => {
    const second = blog.communication.list(author, [other])
    const id = await blog.publish(author, { audience: 'ONLY_LIST', audienceListId: listId })
    // As after `reserveRevision` and the first report.
    await blog.sql.query('UPDATE post SET revision = revision + 2, settle_after = now() WHERE id = $1', [id])
    await settled(id)
    expect(reportsOf(id).at(-1)).toEqual(['ONLY_LIST', listId])
    // As after `saveEdit`, before the second report.
    await blog.sql.query(
      'UPDATE post SET revision = revision + 1, settle_after = now(), audience_list_id = $2 WHERE id = $1',
      [id, second],
    )
    await settled(id)
    expect(reportsOf(id).at(-1)).toEqual(['ONLY_LIST', second])
  })

  it('keeps the list when only the text or the kind of list audience changes', async () => {
    const id = await blog.publish(author, { audience: 'ONLY_LIST', audienceListId: listId })
    await edit(id, { text: 'New' })
    expect(await read(author, id)).toMatchObject({
      audience: 'ONLY_LIST',
      audienceList: { reference: listId },
    })
    await edit(id, { audience: 'EXCEPT_LIST' })
    expect(await read(author, id)).toMatchObject({
      audience: 'EXCEPT_LIST',
      audienceList: { reference: listId },
    })
    await edit(id, { audience: 'PUBLIC' })
    expect(await read(author, id)).toMatchObject({ audience: 'PUBLIC', audienceList: null })
  })
})

describe('an audience', () => {
  it.each([
    [{ audience: 'ONLY_LIST' }, { code: 'INVALID_INPUT', field: 'input.audienceListId' }],
    [
      { audience: 'EXCEPT_LIST', audienceListId: 'x' },
      { code: 'INVALID_INPUT', field: 'input.audienceListId' },
    ],
    [
      { audience: 'FRIENDS', audienceListId: newId() },
      { code: 'INVALID_INPUT', field: 'input.audienceListId' },
    ],
    [{ audience: 'ONLY_LIST', audienceListId: newId() }, { code: 'NOT_FOUND' }],
  ])('%j is refused', async (input, failure) => {
    expect(await publish(input)).toMatchObject(failure)
    const id = await blog.publish(author)
    expect(await edit(id, input)).toMatchObject(failure)
    expect(await read(author, id)).toMatchObject({ audience: 'PUBLIC' })
  })

  it('with a list of another user is refused like one that does not exist', async () => {
    const theirs = blog.communication.list(member, [author])
    const answers = await Promise.all(
      [theirs, newId()].map((audienceListId) => publish({ audience: 'ONLY_LIST', audienceListId })),
    )
    expect(answers[0]).toEqual(answers[1])
    expect(answers[0]).toMatchObject({ code: 'NOT_FOUND' })
  })

  it('of a repeated request does not matter, also after the list was deleted', async () => {
    const input = { audience: 'ONLY_LIST', audienceListId: listId, clientMutationId: newId() }
    const first = await publish(input)
    blog.communication.unlist(listId)
    expect(await publish(input)).toEqual(first)
  })
})
