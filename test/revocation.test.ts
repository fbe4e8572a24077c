import { setTimeout as sleep } from 'node:timers/promises'
import { expectMember } from '../scripts/client/client.ts'
import { accessTo, publish, visiblePosts } from '../scripts/client/moblogs.ts'
import type { VariablesOf } from '../scripts/client/operations.ts'
import { befriend, type Person, signUp, signUpAll } from '../scripts/client/people.ts'
import { tusPatchStream } from '../scripts/client/tus.ts'
import { announcement, tryRequestUpload, uploadByTus, uploadEnd } from '../scripts/client/uploads.ts'
import { eventually } from '../testing/eventually.ts'
import { fetchBytes } from '../testing/product/bytes.ts'
import { largeFile } from '../testing/product/large-file.ts'
import { mediaFile } from '../testing/product/media-files.ts'
import { APART_MODES, type Part, type Product, startProduct } from '../testing/product/product.ts'
import { reportFigure } from '../testing/product/report-figure.ts'

const IS_BIG = Boolean(process.env.MOBLOG_TEST_BIG)
const FRIENDS = 40
const POSTS = IS_BIG ? 25 : 10
const THIRD = Math.floor(POSTS / 3)
// Storage verifies two uploads of one user at a time.
const AT_A_TIME = 4
// The goal is one second, which the reported figures meet on an idle machine. A busy one gets more time.
const AT_MOST_MS = 5_000

type Audience = Pick<VariablesOf<'publish-post'>['input'], 'audience' | 'audienceListId'>
type Held = { friend: Person; postId: string; mediaId: string; url: string }

describe.each(APART_MODES)('revocation, %s', (mode) => {
  let product: Product
  let mei: Person
  let friends: Person[]
  /** A list with all friends, and one without any. */
  let lists: { close: string; distant: string }
  /** The posts for friends in the first list, and those for friends who are not in the second. */
  const postsFor = { close: new Set<string>(), distant: new Set<string>() }
  /** One token for each friend and media file. All of them have been used once. */
  let held: Held[]

  beforeAll(async () => {
    product = await startProduct(mode)
    mei = await signUp(product.url, 'Mei')
    friends = await signUpAll(
      product.url,
      Array.from({ length: FRIENDS }, (_, index) => `Friend${index}`),
    )
    for (const friend of friends) await befriend(mei, friend)
    lists = { close: await createList('Close'), distant: await createList('Distant') }
    await changeList(lists.close, { addIds: friends.map(({ id }) => id) })
    const post = async (audience: Audience) => {
      const { id } = await uploadByTus(mei, await mediaFile('photo.jpg'))
      await eventually(
        () => accessTo(mei.client, id),
        (access) => access !== null,
      )
      const { id: postId } = await publish(mei, { mediaIds: [id], ...audience })
      if (audience.audience === 'ONLY_LIST') postsFor.close.add(postId)
      if (audience.audience === 'EXCEPT_LIST') postsFor.distant.add(postId)
    }
    const audiences: Audience[] = [
      { audience: 'FRIENDS' },
      { audience: 'ONLY_LIST', audienceListId: lists.close },
      { audience: 'EXCEPT_LIST', audienceListId: lists.distant },
    ]
    for (let posts = 0; posts < POSTS; posts += AT_A_TIME) {
      const some = Array.from({ length: Math.min(AT_A_TIME, POSTS - posts) }, (_, index) => posts + index)
      await Promise.all(some.map((number) => post(audiences[number % audiences.length] as Audience)))
    }
    held = (await Promise.all(friends.map(tokensOf))).flat()
    for (const { url } of held) expect((await fetchBytes(url)).status).toBe(200)
  }, 400_000)
  afterAll(() => product?.close())

  async function createList(name: string): Promise<string> {
    const { createAudienceList } = await mei.client.ask('create-audience-list', { input: { name } })
    return expectMember(createAudienceList, 'CreateAudienceListPayload').audienceList.id
  }

  async function changeList(listId: string, change: { addIds?: string[]; removeIds?: string[] }) {
    const { changeAudienceListMembers } = await mei.client.ask('change-audience-list-members', {
      input: { listId, ...change },
    })
    expectMember(changeAudienceListMembers, 'ChangeAudienceListMembersPayload')
  }

  async function tokensOf(friend: Person): Promise<Held[]> {
    const found: Held[] = []
    let after: string | undefined
    do {
      const answer = await friend.client.ask('friend-moblog', {
        handle: mei.handle,
        first: 100,
        ...(after && { after }),
      })
      const posts = answer.userByHandle?.moblog?.posts
      for (const { node } of posts?.edges ?? []) {
        const [media] = node.media
        if (media?.access) found.push({ friend, postId: node.id, mediaId: media.id, url: media.access.url })
      }
      after = posts?.pageInfo.hasNextPage ? (posts.pageInfo.endCursor ?? undefined) : undefined
    } while (after)
    return found
  }

  /** Returns the milliseconds from the mutation's response to the first refused byte, for each token. */
  async function endedAfter(tokens: Held[], mutate: () => Promise<unknown>): Promise<number[]> {
    await mutate()
    const repliedAt = performance.now()
    const refused = async ({ url }: Held) => {
      for (;;) {
        // A response that is cut off in the middle is not yet a refusal.
        const status = await fetchBytes(url, { headers: { range: 'bytes=0-0' } }).then(
          (answer) => answer.status,
          () => 0,
        )
        const elapsed = performance.now() - repliedAt
        if (status >= 400) return elapsed
        if (elapsed > 10_000) throw new Error('the address is still served after 10 seconds')
        await sleep(5)
      }
    }
    return Promise.all(tokens.map(refused))
  }

  const percentile = (sorted: number[], share: number) =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)

  it(`takes effect within a second for ${FRIENDS * POSTS} tokens that are in use`, async () => {
    expect(held).toHaveLength(FRIENDS * POSTS)
    const times: Record<string, number[]> = {}
    const measure = async (what: string, which: (token: Held) => boolean, mutate: () => Promise<unknown>) => {
      const tokens = held.filter(which)
      held = held.filter((token) => !tokens.includes(token))
      expect(tokens.length).toBeGreaterThan(0)
      times[what] = [...(times[what] ?? []), ...(await endedAfter(tokens, mutate))]
    }
    const postIds = [...new Set(held.map(({ postId }) => postId))]
    const mediaOf = (postId: string) => held.find((token) => token.postId === postId)?.mediaId ?? ''
    for (const friend of friends.slice(0, 10)) {
      await measure(
        'unfriend',
        (token) => token.friend === friend,
        async () => {
          const { unfriend } = await mei.client.ask('unfriend', { input: { userId: friend.id } })
          expectMember(unfriend, 'UnfriendPayload')
        },
      )
    }
    for (const friend of friends.slice(10, 20)) {
      await measure(
        'block',
        (token) => token.friend === friend,
        async () => {
          const { blockUser } = await mei.client.ask('block-user', { input: { userId: friend.id } })
          expectMember(blockUser, 'BlockUserPayload')
        },
      )
    }
    for (const friend of friends.slice(20, 25)) {
      await measure(
        'remove from a list',
        (token) => token.friend === friend && postsFor.close.has(token.postId),
        () => changeList(lists.close, { removeIds: [friend.id] }),
      )
    }
    for (const friend of friends.slice(25, 30)) {
      await measure(
        'add to an excluded list',
        (token) => token.friend === friend && postsFor.distant.has(token.postId),
        () => changeList(lists.distant, { addIds: [friend.id] }),
      )
    }
    for (const postId of postIds.slice(0, THIRD)) {
      await measure(
        'delete a post',
        (token) => token.postId === postId,
        async () => {
          const { deletePost } = await mei.client.ask('delete-post', { input: { postId } })
          expectMember(deletePost, 'DeletePostPayload')
        },
      )
    }
    for (const postId of postIds.slice(THIRD, 2 * THIRD)) {
      await measure(
        'narrow a post',
        (token) => token.postId === postId,
        async () => {
          const { editPost } = await mei.client.ask('edit-post', { input: { postId, audience: 'ONLY_ME' } })
          expectMember(editPost, 'EditPostPayload')
        },
      )
    }
    for (const postId of postIds.slice(2 * THIRD)) {
      const mediaId = mediaOf(postId)
      await measure(
        'delete media',
        (token) => token.postId === postId,
        async () => {
          const { deleteMedia } = await mei.client.ask('delete-media', { input: { mediaId } })
          expectMember(deleteMedia, 'DeleteMediaPayload')
        },
      )
    }
    expect(held).toEqual([])
    for (const [what, unsorted] of Object.entries(times)) {
      const sorted = unsorted.sort((a, b) => a - b)
      const [half, most, worst] = [0.5, 0.99, 1].map((share) => percentile(sorted, share))
      reportFigure(
        `${mode}, ${what}: ${sorted.length} tokens refused after ${half} ms (p50), ${most} ms (p99), ${worst} ms (most)`,
      )
    }
    const all = Object.values(times)
      .flat()
      .sort((a, b) => a - b)
    expect(all).toHaveLength(FRIENDS * POSTS)
    expect(percentile(all, 0.99)).toBeLessThan(AT_MOST_MS)
  }, 120_000)

  it('cuts off viewers who are playing', async () => {
    const file = await largeFile(64 * 1024 * 1024)
    const grant = expectMember(
      await tryRequestUpload(mei, { ...announcement(file), sha256: file.sha256 }),
      'RequestUploadPayload',
    )
    await tusPatchStream(grant, 0, file.from(0), file.byteSize)
    const { media } = await uploadEnd(mei, grant.uploadSession.id)
    await eventually(
      () => accessTo(mei.client, media?.id ?? ''),
      (access) => access !== null,
    )
    await publish(mei, { mediaIds: [media?.id ?? ''] })
    // The variants have to be made first.
    const [watched] = await Promise.all(friends.slice(20, 21).map(tokensOf))
    expect((await fetchBytes(watched?.[0]?.url ?? '')).status).toBe(200)
    const players = await Promise.all(friends.slice(20, 28).map(play))
    const times: number[] = []
    for (const { friend, ended } of players) {
      await sleep(200)
      await mei.client.ask('unfriend', { input: { userId: friend.id } })
      const repliedAt = performance.now()
      times.push((await ended) - repliedAt)
    }
    const sorted = times.sort((a, b) => a - b)
    reportFigure(
      `${mode}, while playing: the last byte of ${sorted.length} came after ${percentile(sorted, 0.5)} ms (p50), ${percentile(sorted, 1)} ms (most)`,
    )
    expect(percentile(sorted, 0.99)).toBeLessThan(AT_MOST_MS)
  }, 120_000)

  /**
   * Plays the newest post again and again, as fast as it arrives, so that buffers on the way hold little. `ended`
   * resolves to the time of the last byte.
   */
  async function play(friend: Person) {
    const [post] = await visiblePosts(friend.client, mei)
    const url = post?.media[0]?.access?.url ?? ''
    let lastByteAt = 0
    const playOnce = async () => {
      const response = await fetch(url)
      if (!response.ok) return false
      for await (const _part of response.body ?? []) lastByteAt = performance.now()
      return true
    }
    const loop = async () => {
      // A response that breaks off is requested again, and then refused.
      while (await playOnce().catch(() => true)) await sleep(1)
      return lastByteAt
    }
    const ended = loop()
    await eventually(
      () => lastByteAt,
      (at) => at > 0,
    )
    return { friend, ended }
  }

  it.each<Part>(['storage', 'communication'])(
    'survives if %s is killed right after it',
    async (part) => {
      const friend = await signUp(product.url, 'Last')
      await befriend(mei, friend)
      const { id } = await uploadByTus(mei, await mediaFile('photo.jpg'))
      await eventually(
        () => accessTo(mei.client, id),
        (access) => access !== null,
      )
      await publish(mei, { mediaIds: [id] })
      const [{ url } = { url: '' }] = await tokensOf(friend)
      expect((await fetchBytes(url)).status).toBe(200)
      await mei.client.ask('unfriend', { input: { userId: friend.id } })
      await product.program(part).end('SIGKILL')
      await product.start()
      const { status } = await eventually(
        () => fetchBytes(url),
        (answer) => answer.status >= 400,
        AT_MOST_MS,
      )
      expect(status).toBeLessThan(500)
      await sleep(500)
      expect((await fetchBytes(url)).status).toBe(status)
    },
    60_000,
  )
})
