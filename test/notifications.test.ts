import { setTimeout as sleep } from 'node:timers/promises'
import { createClient as createSseClient } from 'graphql-sse'
import { createClient as createWsClient } from 'graphql-ws'
import { expectMember } from '../scripts/client/client.ts'
import { publish } from '../scripts/client/moblogs.ts'
import { befriend, type Person, signUp, signUpAll } from '../scripts/client/people.ts'
import { tusPatch } from '../scripts/client/tus.ts'
import { requestUpload, uploadByTus, uploadEnd } from '../scripts/client/uploads.ts'
import { eventually } from '../testing/eventually.ts'
import { type EventStream, subscribe } from '../testing/product/event-stream.ts'
import { mediaFile } from '../testing/product/media-files.ts'
import { MODES, type Product, startProduct } from '../testing/product/product.ts'

describe.each(MODES)('notifications, %s', (mode) => {
  let product: Product
  let mei: Person
  let jun: Person
  const open: EventStream[] = []

  beforeAll(async () => {
    product = await startProduct(mode)
    ;[mei, jun] = await signUpAll(product.url, ['Mei', 'Jun'])
    await befriend(mei, jun)
  })
  afterAll(() => product?.close())
  afterEach(() => {
    for (const stream of open.splice(0)) stream.close()
  })

  /** Subscribes, and waits until the stream has sent its start position. */
  async function follow(person: Person, options: { query?: string; lastEventId?: string | null } = {}) {
    const stream = await subscribe(product.url, { accessToken: person.accessToken, ...options })
    open.push(stream)
    await eventually(stream.lastEventId, (id) => id !== null)
    return stream
  }
  const inbox = async (person: Person) => {
    const { viewer } = await person.client.ask('notifications', { first: 100 })
    if (!viewer?.notifications) throw new Error('viewer.notifications is null')
    return { ...viewer.notifications, shown: viewer.notifications.edges.map(({ node }) => node) }
  }
  const newestIn = async (person: Person, typename: string) =>
    eventually(
      async () => (await inbox(person)).shown[0],
      (newest) => newest?.__typename === typename,
      // Making the variants takes long on a busy machine.
      60_000,
    )

  /** Returns the id of the user's newest notification, as soon as it is about this post. */
  const newestAbout = async (person: Person, postId: string) => {
    const newest = await eventually(
      async () => (await inbox(person)).shown[0],
      (each) => JSON.stringify(each).includes(postId),
    )
    return newest?.id ?? ''
  }

  describe('in the inbox', () => {
    it('show the activity of other users with its post and comment', async () => {
      const { id } = await publish(mei, { text: 'On the beach' })
      expect(await newestIn(jun, 'PostPublished')).toMatchObject({
        post: { id, text: 'On the beach', author: { handle: mei.handle } },
        readAt: null,
      })
      await jun.client.ask('like-post', { input: { postId: id } })
      expect(await newestIn(mei, 'PostLiked')).toMatchObject({ post: { id }, by: { handle: jun.handle } })
      await jun.client.ask('comment-on-post', { input: { postId: id, text: 'Lovely' } })
      expect(await newestIn(mei, 'PostCommented')).toMatchObject({
        post: { id },
        comment: { text: 'Lovely', author: { handle: jun.handle } },
      })
    })

    it('show the results of uploads', async () => {
      const media = await uploadByTus(mei, await mediaFile('clip.mp4'))
      expect(await newestIn(mei, 'MediaReady')).toMatchObject({
        media: { id: media.id, state: 'READY', access: { url: expect.stringContaining(media.id) } },
      })
      const { shown } = await inbox(mei)
      expect(shown[1]).toMatchObject({ __typename: 'MediaStored', media: { id: media.id } })
      const nonsense = { ...(await mediaFile('clip.mp4')), bytes: Buffer.from('not a film'.repeat(50)) }
      const grant = await requestUpload(mei, nonsense, { sha256: null })
      await tusPatch(grant, 0, nonsense.bytes)
      await uploadEnd(mei, grant.uploadSession.id)
      expect(await newestIn(mei, 'MediaRejected')).toMatchObject({
        uploadSession: { id: grant.uploadSession.id, failure: { code: 'UNSUPPORTED_MEDIA' } },
      })
    })

    it('state that a stored file cannot be shown, and the next step', async () => {
      const clip = await mediaFile('clip.mp4')
      // The index is intact, so the file is accepted. Nothing is left of its pictures and its sound.
      const bytes = Buffer.from(clip.bytes)
      bytes.fill(0xff, bytes.indexOf('mdat') + 4)
      const damaged = await uploadByTus(mei, { ...clip, bytes })
      const { uploadSession } = (await newestIn(mei, 'MediaRejected')) as {
        uploadSession?: { failure: { code: string; message: string } }
      }
      expect(uploadSession?.failure).toMatchObject({
        code: 'UNSUPPORTED_MEDIA',
        message: expect.stringContaining('upload that, and delete this one'),
      })
      expect((await mei.client.ask('media', { id: damaged.id })).media).toMatchObject({ state: 'FAILED' })
    })

    it('can be marked as read', async () => {
      const { shown, unreadCount } = await inbox(mei)
      expect(unreadCount).toBe(shown.filter(({ readAt }) => readAt === null).length)
      const [newest] = shown
      const { markNotificationsRead } = await mei.client.ask('mark-notifications-read', {
        input: { upTo: newest?.id ?? '' },
      })
      const { user } = expectMember(markNotificationsRead, 'MarkNotificationsReadPayload')
      expect(user).toMatchObject({ id: mei.id, notifications: { unreadCount: 0 } })
      expect((await inbox(mei)).shown.every(({ readAt }) => readAt !== null)).toBe(true)
    })

    it('disappear for a post that the viewer may no longer see', async () => {
      const narrowed = await publish(mei, { text: 'narrowed' })
      const notificationId = await newestAbout(jun, narrowed.id)
      const onlyItsId = `{ notification(id: "${notificationId}") { ... on PostPublished { post { id } } } }`
      expect(await jun.client.query(onlyItsId)).toMatchObject({
        data: { notification: { post: { id: narrowed.id } } },
      })
      await mei.client.ask('edit-post', { input: { postId: narrowed.id, audience: 'ONLY_ME' } })
      // The post is hidden immediately, and soon there is no notification either.
      expect(JSON.stringify(await jun.client.query(onlyItsId))).not.toContain(narrowed.id)
      await eventually(
        () => jun.client.query(onlyItsId),
        ({ data, errors }) => data?.notification === null && errors.length === 0,
      )
      expect((await inbox(jun)).shown.map(({ id }) => id)).not.toContain(notificationId)
    })

    it('disappear for a withdrawn like, a deleted comment and a deleted post', async () => {
      const { id: postId } = await publish(mei, { text: 'soon gone' })
      await newestAbout(jun, postId)
      const about = async (person: Person) =>
        (await inbox(person)).shown.filter((each) => JSON.stringify(each).includes(postId)).length
      const becomes = (person: Person, count: number) =>
        eventually(
          () => about(person),
          (now) => now === count,
        )
      const before = (await inbox(mei)).unreadCount
      await jun.client.ask('like-post', { input: { postId } })
      const { commentOnPost } = await jun.client.ask('comment-on-post', { input: { postId, text: 'Hm' } })
      await becomes(mei, 2)
      await jun.client.ask('unlike-post', { input: { postId } })
      await becomes(mei, 1)
      const { comment } = expectMember(commentOnPost, 'CommentOnPostPayload')
      await jun.client.ask('delete-comment', { input: { commentId: comment.id } })
      await becomes(mei, 0)
      expect((await inbox(mei)).unreadCount).toBe(before)
      await jun.client.ask('like-post', { input: { postId } })
      await becomes(mei, 1)
      await mei.client.ask('delete-post', { input: { postId } })
      for (const person of [mei, jun]) await becomes(person, 0)
      expect((await inbox(mei)).unreadCount).toBe(before)
    })

    it('disappear for a user whom the viewer blocks', async () => {
      const kim = await signUp(product.url, 'Kim')
      await befriend(kim, jun)
      await publish(kim, { text: 'Hi' })
      await newestIn(jun, 'PostPublished')
      await jun.client.ask('block-user', { input: { userId: kim.id } })
      expect(JSON.stringify(await inbox(jun))).not.toMatch(kim.id)
    })
  })

  describe('in a live stream', () => {
    it('arrive within a second, with fields of every subgraph', async () => {
      const media = await uploadByTus(mei, await mediaFile('clip.mp4'))
      const stream = await follow(jun)
      const startedAt = performance.now()
      const { id } = await publish(mei, { text: 'Look', mediaIds: [media.id] })
      const [notification] = await stream.until(1)
      expect((stream.events.at(-1)?.at ?? 0) - startedAt).toBeLessThan(1_000)
      expect(notification).toMatchObject({
        __typename: 'PostPublished',
        post: {
          id,
          text: 'Look',
          author: { handle: mei.handle },
          media: [{ id: media.id, kind: 'VIDEO', access: { url: expect.stringContaining('/v/') } }],
        },
      })
    })

    it('continue after an interruption, without loss and repetition', async () => {
      const before = await follow(jun)
      const ids = [(await publish(mei, { text: '1' })).id]
      await before.until(1)
      before.close()
      for (const text of ['2', '3']) {
        const { id } = await publish(mei, { text })
        ids.push(id)
        // Two posts that are delivered at the same time get their positions in any order.
        await newestAbout(jun, id)
      }
      const after = await follow(jun, { lastEventId: before.lastEventId() })
      ids.push((await publish(mei, { text: '4' })).id)
      const received = [...before.received(), ...(await after.until(3))]
      await sleep(200)
      expect(after.received()).toHaveLength(3)
      expect(received.map(({ post }) => (post as { id: string }).id)).toEqual(ids)
    })

    it('can be read with the graphql-sse client', async () => {
      const client = createSseClient({
        url: product.url,
        headers: { authorization: `Bearer ${jun.accessToken}` },
        retryAttempts: 0,
      })
      const events = client.iterate<{ notificationReceived: { __typename: string } }>({
        query: 'subscription { notificationReceived { __typename } }',
      })
      const first = events.next()
      await sleep(300)
      await publish(mei, { text: 'Again' })
      expect((await first).value).toEqual({ data: { notificationReceived: { __typename: 'PostPublished' } } })
      await events.return?.()
      client.dispose()
    })

    it('continue after a position in every protocol', async () => {
      const { id: first } = await publish(mei, { text: 'one' })
      await newestAbout(jun, first)
      const { position } = (await inbox(jun)).edges[0]?.node ?? {}
      const { id: second } = await publish(mei, { text: 'two' })
      const query = `subscription ($after: ID) {
        notificationReceived(after: $after) { ... on PostPublished { post { id } } }
      }`
      const operation = { query, variables: { after: position } }
      const expected = { data: { notificationReceived: { post: { id: second } } } }
      const authorization = `Bearer ${jun.accessToken}`
      const webSocket = createWsClient({
        url: product.url.replace('http', 'ws'),
        connectionParams: { authorization },
      })
      const single = createSseClient({ url: product.url, headers: { authorization }, singleConnection: true })
      const distinct = createSseClient({ url: product.url, headers: { authorization } })
      for (const client of [webSocket, single, distinct]) {
        const events = client.iterate(operation)
        expect((await events.next()).value).toEqual(expected)
        await events.return?.()
        await client.dispose()
      }
      const leaving = new AbortController()
      const multipart = await fetch(product.url, {
        method: 'POST',
        headers: {
          authorization,
          'content-type': 'application/json',
          accept: 'multipart/mixed;subscriptionSpec=1.0, application/json',
        },
        body: JSON.stringify(operation),
        signal: leaving.signal,
      })
      let text = ''
      for await (const chunk of multipart.body ?? []) {
        text += Buffer.from(chunk).toString()
        if (text.includes('"payload"')) break
      }
      leaving.abort()
      expect(text).toContain(JSON.stringify({ payload: expected }))
    })

    it('are refused to signed-out clients', async () => {
      const stream = await subscribe(product.url)
      await stream.ended
      expect(stream.events.map(({ event }) => event)).toEqual(['next', 'complete'])
      expect(JSON.parse(stream.events[0]?.data ?? '')).toMatchObject({
        errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
      })
      const forged = await subscribe(product.url, { accessToken: `${jun.accessToken}x` })
      expect(forged.status).toBe(401)
    })

    it.each([
      ['the gateway', 'gateway'],
      ['communication', 'communication'],
    ] as const)(
      'survive a kill and restart of %s',
      async (_name, part) => {
        const stream = await follow(jun)
        const ids = [(await publish(mei, { text: 'before' })).id]
        await stream.until(1)
        await product.program(part).end('SIGKILL')
        await product.start()
        ids.push((await publish(mei, { text: 'after' })).id)
        // A killed gateway breaks the stream. A stream to a gateway that keeps running continues without interruption.
        const isBroken = mode === 'in one process' || part === 'gateway'
        if (isBroken) await stream.ended
        const next = isBroken ? await follow(jun, { lastEventId: stream.lastEventId() }) : stream
        const received = isBroken ? [...stream.received(), ...(await next.until(1))] : await next.until(2)
        expect(received.map(({ post }) => (post as { id: string }).id)).toEqual(ids)
      },
      60_000,
    )
  })
})

describe('the stream of a session that ends', () => {
  it('ends with the error UNAUTHENTICATED', async () => {
    const product = await startProduct('in one process', { env: { SESSION_TOKEN_SECONDS: '5' } })
    try {
      const ann = await signUp(product.url, 'Ann')
      const stream = await subscribe(product.url, { accessToken: ann.accessToken })
      await stream.ended
      expect(JSON.parse(stream.events.at(-2)?.data ?? '')).toMatchObject({
        errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
      })
    } finally {
      await product.close()
    }
  })
})
