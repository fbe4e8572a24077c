import { expectMember } from '../scripts/client/client.ts'
import { publish } from '../scripts/client/moblogs.ts'
import { befriend, type Person, signUpAll } from '../scripts/client/people.ts'
import { eventually } from '../testing/eventually.ts'
import { MODES, type Product, startProduct } from '../testing/product/product.ts'

describe.each(MODES)('reactions to posts, %s', (mode) => {
  let product: Product
  let mei: Person
  let jun: Person
  let ann: Person

  beforeAll(async () => {
    product = await startProduct(mode)
    ;[mei, jun, ann] = await signUpAll(product.url, ['Mei', 'Jun', 'Ann'])
    for (const friend of [jun, ann]) await befriend(mei, friend)
  })
  afterAll(() => product?.close())

  const newest = (person: Person, typename: string) =>
    eventually(
      async () =>
        (await person.client.ask('notifications', { first: 1 })).viewer?.notifications?.edges[0]?.node,
      (node) => node?.__typename === typename,
    )
  const inbox = async (person: Person) =>
    JSON.stringify(await person.client.ask('notifications', { first: 100 }))

  async function comment(person: Person, postId: string, text: string, replyToId: string | null = null) {
    const { commentOnPost } = await person.client.ask('comment-on-post', {
      input: { postId, text, replyToId },
    })
    return expectMember(commentOnPost, 'CommentOnPostPayload').comment
  }

  it('show who likes a post and who viewed it, by name', async () => {
    const { id } = await publish(mei, { text: 'Look' })
    for (const friend of [jun, ann]) {
      await friend.client.ask('like-post', { input: { postId: id } })
      const { viewPosts } = await friend.client.ask('view-posts', { input: { postIds: [id] } })
      expect(expectMember(viewPosts, 'ViewPostsPayload').posts).toHaveLength(1)
    }
    const handles = (page: { edges: { node: { handle: string } | null }[] } | null | undefined) =>
      page?.edges.map(({ node }) => node?.handle)
    const { post: liked } = await jun.client.ask('post-likes', { id })
    expect(handles(liked?.likes)).toEqual([ann.handle, jun.handle])
    const { post: viewed } = await mei.client.ask('post-viewers', { id })
    expect([viewed?.viewCount, handles(viewed?.viewers)]).toEqual([2, [ann.handle, jun.handle]])
    await jun.client.ask('update-read-receipts', { input: { enabled: false } })
    expect(handles((await mei.client.ask('post-viewers', { id })).post?.viewers)).toEqual([ann.handle])
    await ann.client.ask('block-user', { input: { userId: mei.id } })
    expect(handles((await mei.client.ask('post-viewers', { id })).post?.viewers)).toEqual([])
    expect(handles((await mei.client.ask('post-likes', { id })).post?.likes)).toEqual([jun.handle])
    await ann.client.ask('unblock-user', { input: { userId: mei.id } })
    await befriend(mei, ann)
  })

  it('notify the author of a comment of replies and likes, until they are taken back', async () => {
    const { id: postId } = await publish(mei, { text: 'Discuss' })
    const { id: commentId } = await comment(jun, postId, 'First')
    const reply = await comment(ann, postId, 'Second', commentId)
    expect(reply.replyTo).toEqual({ id: commentId })
    expect(await newest(jun, 'CommentReplied')).toMatchObject({
      post: { id: postId },
      comment: { id: reply.id, text: 'Second', author: { handle: ann.handle } },
    })
    await mei.client.ask('like-comment', { input: { commentId } })
    expect(await newest(jun, 'CommentLiked')).toMatchObject({
      post: { id: postId },
      comment: { id: commentId, text: 'First' },
      by: { handle: mei.handle },
    })
    const { post } = await jun.client.ask('comment-replies', { id: postId })
    expect(post?.comments.edges.map(({ node }) => node.replies.edges.map((edge) => edge.node.text))).toEqual([
      ['Second'],
      [],
    ])
    await mei.client.ask('unlike-comment', { input: { commentId } })
    await ann.client.ask('delete-comment', { input: { commentId: reply.id } })
    await eventually(
      () => inbox(jun),
      (shown) => !shown.includes('CommentLiked') && !shown.includes(reply.id),
    )
  })

  it('of muted friends and hidden posts are left out of lists, and nothing else changes', async () => {
    await jun.client.ask('mute-user', { input: { userId: mei.id } })
    const { id } = await publish(mei, { text: 'Quiet' })
    await eventually(
      () => inbox(ann),
      (shown) => shown.includes(id),
    )
    expect(await inbox(jun)).not.toContain(id)
    const { viewer } = await jun.client.ask('muted-users', {})
    expect(viewer?.mutedUsers?.edges.map(({ node }) => node.handle)).toEqual([mei.handle])
    expect((await jun.client.ask('friend-moblogs', {})).friendMoblogs.edges).toEqual([])
    await jun.client.ask('unmute-user', { input: { userId: mei.id } })
    expect((await jun.client.ask('friend-moblogs', {})).friendMoblogs.edges).toHaveLength(1)

    const { hidePost } = await jun.client.ask('hide-post', { input: { postId: id } })
    expect(expectMember(hidePost, 'HidePostPayload').post).toEqual({ id, isHidden: true })
    const listed = async () => JSON.stringify(await jun.client.ask('friend-moblog', { handle: mei.handle }))
    expect(await listed()).not.toContain(id)
    expect((await jun.client.ask('post', { id })).post).toMatchObject({ id })
    const hidden = async () => (await jun.client.ask('hidden-posts', {})).hiddenPosts.edges
    expect((await hidden()).map(({ node }) => node)).toMatchObject([{ id, text: 'Quiet', isHidden: true }])
    await jun.client.ask('unhide-post', { input: { postId: id } })
    expect(await listed()).toContain(id)
    expect(await hidden()).toEqual([])
  })
})
