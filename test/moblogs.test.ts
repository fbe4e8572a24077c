import { randomUUID } from 'node:crypto'
import { type Client, createClient, expectMember } from '../scripts/client/client.ts'
import { accessTo, friendMoblog, publish, visiblePosts } from '../scripts/client/moblogs.ts'
import { befriend, type Person, signUpAll } from '../scripts/client/people.ts'
import { uploadByTus } from '../scripts/client/uploads.ts'
import { eventually } from '../testing/eventually.ts'
import { mediaFile } from '../testing/product/media-files.ts'
import { MODES, type Product, startProduct } from '../testing/product/product.ts'

describe.each(MODES)('moblogs, %s', (mode) => {
  let product: Product
  let mei: Person
  let jun: Person
  let lin: Person
  let stranger: Person

  beforeAll(async () => {
    product = await startProduct(mode)
    ;[mei, jun, lin, stranger] = await signUpAll(product.url, ['Mei', 'Jun', 'Lin', 'Ada'])
    await befriend(mei, jun)
    await befriend(jun, lin)
  })
  afterAll(() => product?.close())

  const signedOut = () => createClient(product.url)
  const edit = async (author: Person, input: { postId: string; text: string; expectedVersion?: number }) =>
    (await author.client.ask('edit-post', { input })).editPost

  describe('are listed', () => {
    /** Returns the users whose moblogs a search finds. */
    async function found(client: Client, query: string): Promise<string[]> {
      return (await client.ask('search-moblogs', { query })).searchMoblogs.edges.map(({ node }) => node.id)
    }

    it('in friendMoblogs, with the newest activity first', async () => {
      await publish(lin, { text: 'earlier' })
      await publish(mei, { text: 'later' })
      await publish(mei, { text: 'mine alone', audience: 'ONLY_ME' })
      const { viewer, friendMoblogs } = await jun.client.ask('friends', {})
      expect(friendMoblogs.edges.map(({ node }) => node.id)).toEqual([mei.id, lin.id])
      // The list is in the order of friendship. Each item says when its moblog was last updated.
      const listed = viewer?.friends?.edges.map(({ node }) => [node.id, node.moblog?.updatedAt] as const)
      expect(new Map(listed)).toEqual(
        new Map(friendMoblogs.edges.map(({ node }) => [node.id, node.updatedAt])),
      )
      await publish(lin, { text: 'latest' })
      const next = (await jun.client.ask('friends', { first: 1 })).friendMoblogs
      expect(next.edges.map(({ node }) => node.id)).toEqual([lin.id])
      const rest = (await jun.client.ask('friends', { after: next.pageInfo.endCursor })).friendMoblogs
      expect(rest.edges.map(({ node }) => node.id)).toEqual([mei.id])
      expect((await stranger.client.ask('friends', {})).friendMoblogs.edges).toEqual([])
    })

    it('in searchMoblogs by keyword and by user id, in Chinese too, according to the posts that the viewer may see', async () => {
      const input = { title: '湖边散步', about: 'walks & <b>lakes</b>' }
      const { updateMoblog } = await mei.client.ask('update-moblog', { input })
      expect(expectMember(updateMoblog, 'UpdateMoblogPayload').moblog).toMatchObject(input)
      const word = `w${randomUUID().slice(0, 8)}`
      const { id } = await publish(mei, { text: `${word} 今天天气很好`, audience: 'FRIENDS' })
      const searchers = [jun.client, stranger.client, signedOut()]
      const all = (query: string) => Promise.all(searchers.map((client) => found(client, query)))
      const [friend, other, signedOutViewer] = await all('散步')
      expect([friend, other, signedOutViewer]).toEqual([[mei.id], [mei.id], [mei.id]])
      expect(await all(mei.id)).toEqual([[mei.id], [mei.id], [mei.id]])
      expect(await all(word)).toEqual([[mei.id], [], []])
      expect((await all('天气'))[0]).toEqual([mei.id])
      expectMember(await edit(mei, { postId: id, text: 'other words' }), 'EditPostPayload')
      expect((await all(word))[0]).toEqual([])
    })

    it('on the home page: the newest at once, and the hot ones by the number of other active users', async () => {
      const ids = (list: { edges: { node: { id: string } }[] }) => list.edges.map(({ node }) => node.id)
      const quiet = await publish(lin, { text: 'quiet', audience: 'PUBLIC' })
      await publish(stranger, { text: 'for friends' })
      const loud = await publish(mei, { text: 'loud', audience: 'PUBLIC' })
      const home = () => signedOut().ask('home', {})
      await eventually(home, ({ newestMoblogs }) => ids(newestMoblogs).join() === [mei.id, lin.id].join())
      // Repeated comments of one user, and comments of the author, count less than comments of two users.
      for (let index = 0; index < 8; index++) {
        await jun.client.ask('comment-on-post', { input: { postId: loud.id, text: `again ${index}` } })
        await mei.client.ask('comment-on-post', { input: { postId: loud.id, text: `mine ${index}` } })
      }
      await eventually(home, ({ hotMoblogs }) => ids(hotMoblogs).join() === [mei.id, lin.id].join())
      for (const one of [jun, stranger])
        await one.client.ask('comment-on-post', { input: { postId: quiet.id, text: 'nice' } })
      await eventually(home, ({ hotMoblogs }) => ids(hotMoblogs).join() === [lin.id, mei.id].join())
    })
  })

  describe('contain posts', () => {
    it('that refuse an edit of an outdated version', async () => {
      const { id: postId } = await publish(mei, { text: 'first' })
      const { post } = expectMember(await edit(mei, { postId, text: 'second' }), 'EditPostPayload')
      const outdated = { postId, text: 'third', expectedVersion: post.version - 1 }
      expect(await edit(mei, outdated)).toMatchObject({ __typename: 'RequestFailed', code: 'CONFLICT' })
      expect((await mei.client.ask('post', { id: postId })).post?.text).toBe('second')
      const devices = Array.from({ length: 8 }, (_, index) =>
        edit(mei, { postId, text: `device ${index}`, expectedVersion: post.version }),
      )
      const kinds = (await Promise.all(devices)).map(({ __typename }) => __typename)
      expect(kinds.filter((kind) => kind === 'EditPostPayload')).toHaveLength(1)
    })

    it('that get one comment for each client mutation id, count them, and allow only authors to delete them', async () => {
      const { id: postId } = await publish(mei, {})
      const say = async (text: string, clientMutationId: string) => {
        const { commentOnPost } = await jun.client.ask('comment-on-post', {
          input: { postId, text, clientMutationId },
        })
        return expectMember(commentOnPost, 'CommentOnPostPayload').comment
      }
      const remove = async (person: Person, commentId: string) =>
        (await person.client.ask('delete-comment', { input: { commentId } })).deleteComment
      const mutationIds = Array.from({ length: 12 }, (_, index) => `mark-${index}`)
      const comments = await Promise.all(
        [...mutationIds, ...mutationIds].map((id) => say(`<i>${id}</i>`, id)),
      )
      const shown = async () => (await mei.client.ask('post-comments', { id: postId })).post
      expect(await shown()).toMatchObject({ commentCount: 12 })
      expect(new Set(comments.map(({ id }) => id)).size).toBe(12)
      const [first = '', second = ''] = comments.map(({ id }) => id)
      expect(await remove(stranger, first)).toMatchObject({ code: 'NOT_FOUND' })
      const { post } = expectMember(await remove(jun, first), 'DeleteCommentPayload')
      expect(post?.commentCount).toBe(11)
      expectMember(await remove(mei, second), 'DeleteCommentPayload')
      const left = await shown()
      expect(left?.commentCount).toBe(10)
      expect(left?.comments.edges.map(({ node }) => node.id)).not.toContain(second)
    })

    it('whose pages neither skip nor repeat a post while posts are added', async () => {
      const expected: string[] = []
      for (let index = 0; index < 9; index++) expected.unshift((await publish(lin, { text: `${index}` })).id)
      const seen: string[] = []
      for (let after: string | undefined; ; ) {
        const page = await friendMoblog(jun.client, lin.handle, { first: 2, ...(after && { after }) })
        seen.push(...(page?.moblog?.posts.edges.map(({ node }) => node.id) ?? []))
        await publish(lin, { text: 'meanwhile' })
        const { hasNextPage, endCursor } = page?.moblog?.posts.pageInfo ?? {}
        if (!hasNextPage) break
        after = endCursor ?? undefined
      }
      expect(seen.slice(0, 9)).toEqual(expected)
      expect(new Set(seen).size).toBe(seen.length)
    })
  })

  describe('refuse with a typed failure', () => {
    const published = async (input: { text?: string; mediaIds?: string[] }) =>
      (await mei.client.ask('publish-post', { input: { text: 'Look', ...input } })).publishPost

    it('a text of 100,000 characters', async () => {
      const text = '字'.repeat(100_000)
      const refused = { __typename: 'InvalidInput', field: 'input.text' }
      expect(await published({ text })).toMatchObject(refused)
      const { id: postId } = await publish(mei, {})
      expect(await edit(mei, { postId, text })).toMatchObject(refused)
      const { commentOnPost } = await jun.client.ask('comment-on-post', { input: { postId, text } })
      expect(commentOnPost).toMatchObject(refused)
      const { updateMoblog } = await mei.client.ask('update-moblog', { input: { title: text } })
      expect(updateMoblog).toMatchObject({ __typename: 'InvalidInput', field: 'input.title' })
    })

    it('eleven media, media of other users and deleted media', async () => {
      const [mine, foreign] = await Promise.all(
        [mei, jun].map(async (owner) => (await uploadByTus(owner, await mediaFile('tone.mp3'))).id),
      )
      const eleven = Array.from({ length: 11 }, () => randomUUID())
      expect(await published({ mediaIds: eleven })).toMatchObject({ field: 'input.mediaIds' })
      expect(await published({ mediaIds: [foreign ?? ''] })).toMatchObject({ code: 'NOT_FOUND' })
      await mei.client.ask('delete-media', { input: { mediaId: mine ?? '' } })
      expect(await published({ mediaIds: [mine ?? ''] })).toMatchObject({ code: 'NOT_FOUND' })
      const { id: postId } = await publish(mei, { text: 'stays' })
      const input = { postId, mediaIds: [foreign ?? ''] }
      expect((await mei.client.ask('edit-post', { input })).editPost).toMatchObject({ code: 'NOT_FOUND' })
      expect(await visiblePosts(jun.client, mei)).toContainEqual(
        expect.objectContaining({ id: postId, media: [] }),
      )
    })

    it('cursors of other lists and of other moblogs', async () => {
      const ends = await Promise.all(
        [mei, lin].map(
          async ({ handle }) => (await friendMoblog(jun.client, handle, { first: 1 }))?.moblog?.posts,
        ),
      )
      const [ofMei = '', ofLin = ''] = ends.map((posts) => posts?.pageInfo.endCursor ?? '')
      const code = [{ extensions: { code: 'BAD_USER_INPUT' } }]
      const errorsOf = async (answer: Promise<{ errors: unknown[] }>) => (await answer).errors
      expect(ofMei).not.toBe(ofLin)
      expect(
        await errorsOf(jun.client.send('friend-moblog', { handle: mei.handle, after: ofLin })),
      ).toMatchObject(code)
      expect(await errorsOf(jun.client.send('search-moblogs', { query: 'x', after: ofMei }))).toMatchObject(
        code,
      )
      const { pageInfo } = (await jun.client.ask('search-moblogs', { query: mei.id })).searchMoblogs
      const other = { query: lin.id, after: pageInfo.endCursor }
      expect(await errorsOf(jun.client.send('search-moblogs', other))).toMatchObject(code)
    })
  })

  describe('store texts', () => {
    it('as well-formed Unicode, for any bytes in the request', async () => {
      const query =
        'mutation($t: String!) { publishPost(input: { text: $t }) { __typename ... on PublishPostPayload { post { text } } } }'
      const body = Buffer.from(JSON.stringify({ query, variables: { t: 'broken ~ here' } }))
      body[body.indexOf('~')] = 0xff
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${mei.accessToken}` }
      const response = await fetch(product.url, { method: 'POST', headers, body })
      const { data, errors } = (await response.json()) as {
        data?: { publishPost: unknown }
        errors?: unknown[]
      }
      expect(response.status).toBeLessThan(500)
      if (errors) return
      expect(data?.publishPost).toMatchObject({ post: { text: 'broken \ufffd here' } })
    })

    it('without bidirectional controls, and refuse invisible texts', async () => {
      const { updateMoblog } = await mei.client.ask('update-moblog', {
        input: { title: 'admin\u202egnp.exe \u2066x', about: '\u200b\u2060' },
      })
      const { moblog } = expectMember(updateMoblog, 'UpdateMoblogPayload')
      expect(moblog).toMatchObject({ title: 'admingnp.exe x', about: null })
      const input = { text: '\u200b\u200d\u2060\ufeff\u3164' }
      const { publishPost } = await mei.client.ask('publish-post', { input })
      expect(publishPost).toMatchObject({ __typename: 'InvalidInput', field: 'input.text' })
    })
  })
})

describe.each(MODES)('a post whose media are still being processed, %s', (mode) => {
  it('is visible at once, and shows its media when they are ready', async () => {
    const product = await startProduct(mode, { env: { STORAGE_WORKERS: '0' } })
    try {
      const [mei, jun] = await signUpAll(product.url, ['Mei', 'Jun'])
      await befriend(mei, jun)
      const { id } = await uploadByTus(mei, await mediaFile('tone.wav'))
      await publish(mei, { text: 'Soon', mediaIds: [id] })
      const shown = async () => {
        const moblog = (await friendMoblog(jun.client, mei.handle))?.moblog
        const [post] = moblog?.posts.edges ?? []
        const page = await (await fetch(moblog?.access?.url ?? '')).text()
        return { text: post?.node.text, state: post?.node.media[0]?.state, page }
      }
      const early = await shown()
      expect(early).toMatchObject({ text: 'Soon', state: 'PROCESSING' })
      expect(early.page).toContain('This file is still being processed.')
      await product.program('storage').end('SIGTERM')
      product.configure(mode === 'in one process' ? 'gateway' : 'storage', { STORAGE_WORKERS: '1' })
      await product.start()
      const ready = await eventually(shown, ({ state }) => state === 'READY', 60_000)
      expect(ready.page).not.toContain('This file is still being processed.')
      expect(ready.page).toMatch(/<audio controls preload="none"[^>]*><source src="[^"]+\/progressive"/)
      expect((await accessTo(jun.client, id))?.progressiveUrl).toMatch(/\/progressive$/)
    } finally {
      await product.close()
    }
  }, 90_000)
})
