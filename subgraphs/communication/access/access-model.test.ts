import { jest } from '@jest/globals'
import fc from 'fast-check'
import { decodeJwt } from 'jose'
import { ANONYMOUS } from '../../../platform/identity/caller.ts'
import { newId } from '../../../platform/ids.ts'
import { changeList, listOf } from '../../../testing/communication/audience-lists.ts'
import {
  type FakePeer,
  startTestCommunication,
  type TestCommunication,
  viewer,
} from '../../../testing/communication/communication.ts'
import { mediaOf, postOf, registered } from '../../../testing/communication/media.ts'
import { MODEL_TEST_MS, modelRuns } from '../../../testing/model-runs.ts'
import { type Act, createAccessModel } from './access-model.ts'

jest.setTimeout(MODEL_TEST_MS)

type Revocation = { ownerId?: string; viewerId?: string; mediaId?: string; issuedUntil: string }
/** What a token is bound to, and the issue time that it states. */
type Issued = {
  viewerId: string | null
  ownerId: string
  mediaId: string | null
  issuedAt: number
  expiresAt: number
}

const VERBS = [
  'requestFriend',
  'acceptFriendRequest',
  'declineFriendRequest',
  'cancelFriendRequest',
  'unfriend',
  'blockUser',
  'unblockUser',
]
const AUDIENCES = ['PUBLIC', 'FRIENDS', 'ONLY_ME', 'ONLY_LIST', 'EXCEPT_LIST'] as const
const HOUR_MS = 3_600_000

let app: TestCommunication
let names = 0

beforeAll(async () => {
  app = await startTestCommunication(
    {
      FRIEND_REQUESTS_PER_DAY: '1000000',
      FRIEND_REQUESTS_PER_PAIR: '1000000',
    },
    { closeEveryMs: 10 },
  )
})
afterAll(() => app.close())

/**
 * Creates three users. Two of them have two media files and an audience list each; the first owns two posts and the second
 * owns one.
 */
async function makeWorld() {
  const people = await app.people(...Array.from({ length: 3 }, () => `model${++names}`))
  const [ann = '', bob = ''] = people
  const owners = new Map<string, string>()
  for (const owner of [ann, ann, bob, bob]) {
    owners.set((await registered(app, mediaOf(owner))).mediaId, owner)
  }
  const posts = [ann, ann, bob].map((owner) => ({ id: newId(), owner }))
  const lists = new Map<string, string>()
  for (const owner of [ann, bob]) lists.set(await listOf(app, owner), owner)
  return { people, owners, posts, lists, model: createAccessModel(owners, lists), revision: 1 }
}
type World = Awaited<ReturnType<typeof makeWorld>>

// Acts name users, media and posts by number, so a run can be repeated and shrunk.
const act = fc.oneof(
  { weight: 6, arbitrary: fc.record({ verb: fc.constantFrom(...VERBS), who: fc.nat(2), other: fc.nat(1) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      post: fc.nat(2),
      shown: fc.nat(3),
      audience: fc.constantFrom(...AUDIENCES),
      // Mostly the author's own list.
      foreign: fc.integer({ min: 0, max: 4 }),
      hours: fc.constantFrom(0, 0, 1, 2),
    }),
  },
  { weight: 4, arbitrary: fc.record({ list: fc.nat(1), member: fc.nat(2), isIn: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ unlisted: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ passing: fc.constant(1) }) },
  { weight: 1, arbitrary: fc.record({ media: fc.nat(3) }) },
)
type Numbered = typeof act extends fc.Arbitrary<infer Value> ? Value : never

function toAct(world: World, numbered: Exclude<Numbered, { passing: number }>): Act {
  const media = [...world.owners.keys()]
  const at = <T>(list: readonly T[], index: number): T => list[index] as T
  const lists = [...world.lists.keys()]
  if ('verb' in numbered) {
    const whom = (numbered.who + 1 + numbered.other) % 3
    return {
      kind: 'step',
      verb: numbered.verb,
      who: at(world.people, numbered.who),
      whom: at(world.people, whom),
    }
  }
  if ('unlisted' in numbered) return { kind: 'unlist', list: at(lists, numbered.unlisted) }
  if ('member' in numbered) {
    const { list, member, isIn } = numbered
    return { kind: 'list', list: at(lists, list), member: at(world.people, member), isIn }
  }
  if ('media' in numbered) return { kind: 'delete', media: at(media, numbered.media) }
  const { id: post, owner } = at(world.posts, numbered.post)
  const files = media.filter((id) => world.owners.get(id) === owner)
  // The two bits say which of the owner's two media files the post shows.
  const shown = files.filter((_media, index) => (numbered.shown >> index) & 1)
  const own = lists.findIndex((list) => world.lists.get(list) === owner)
  const list = numbered.audience.endsWith('LIST') ? at(lists, numbered.foreign === 0 ? 1 - own : own) : null
  const expiresAt = numbered.hours === 0 ? null : new Date(now().getTime() + numbered.hours * HOUR_MS)
  return { kind: 'show', post, owner, media: shown, audience: numbered.audience, list, expiresAt }
}

async function perform(world: World, act: Act): Promise<void> {
  if (act.kind === 'step') {
    const query = `mutation ($id: ID!) { ${act.verb}(input: { userId: $id }) { __typename } }`
    await app.ask(query, { id: act.whom }, viewer(act.who))
  } else if (act.kind === 'show') {
    const { post: postId, owner, media, audience, list, expiresAt } = act
    await postOf(app, owner, media, audience, {
      postId,
      revision: world.revision++,
      ...(list !== null && { audienceListId: list }),
      ...(expiresAt && { expiresAt }),
    })
  } else if (act.kind === 'list') {
    const { list: listId, member, isIn } = act
    const owner = world.lists.get(listId) ?? ''
    const input = { listId, addIds: isIn ? [member] : [], removeIds: isIn ? [] : [member] }
    await changeList(app, owner, 'changeAudienceListMembers', input)
  } else if (act.kind === 'unlist') {
    await changeList(app, world.lists.get(act.list) ?? '', 'deleteAudienceList', { listId: act.list })
  } else {
    const query = 'mutation ($id: ID!) { unregisterMedia(input: { mediaId: $id }) }'
    await app.internal(query, { id: act.media }, 'storage')
  }
  world.model.act(act)
}

/** Returns what each viewer gets now: every token that is issued, and every one that is refused. */
async function look(world: World) {
  const media = [...world.owners.keys()]
  const refs = [
    ...media.map((id) => ({ __typename: 'Media', id })),
    ...world.people.map((id) => ({ __typename: 'Moblog', id })),
  ]
  const query = `query ($refs: [_Any!]!) { _entities(representations: $refs) {
    ... on Media { access { token } } ... on Moblog { access { token } }
  } }`
  const seen: { allowed: boolean; got: Issued | null; what: string }[] = []
  for (const viewerId of [...world.people, null]) {
    const { data } = await app.ask(query, { refs }, viewerId === null ? ANONYMOUS : viewer(viewerId))
    for (const [index, { access }] of data._entities.entries()) {
      const mediaId = media[index] ?? null
      const ownerId = mediaId ? (world.owners.get(mediaId) ?? '') : (world.people[index - media.length] ?? '')
      const allowed = mediaId
        ? world.model.mayPlay(viewerId, mediaId, now())
        : world.model.mayOpenPage(viewerId, ownerId)
      const { iat = 0, exp = 0 } = access ? decodeJwt(access.token) : {}
      const times = { issuedAt: Math.round(iat * 1000), expiresAt: Math.round(exp * 1000) }
      seen.push({
        allowed,
        got: access && { viewerId, ownerId, mediaId, ...times },
        what: `${viewerId} ${mediaId ?? 'page'}`,
      })
    }
  }
  return seen
}

const now = () => new Date(Date.now() + app.time.ahead)

async function drained(): Promise<void> {
  for (;;) {
    const { rows } = await app.pool.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM communication_outbox.message',
    )
    const open = await app.pool.query(`SELECT FROM posts WHERE expires_at <= $1 AND audience <> 'ONLY_ME'`, [
      now(),
    ])
    if (rows[0]?.count === 0 && open.rowCount === 0) return
    await new Promise((resolve) => setTimeout(resolve, 3))
  }
}

const revocationsOf = (fake: FakePeer) =>
  fake.calls.flatMap(({ variables }) => (variables.input as { revocations?: Revocation[] }).revocations ?? [])

/** Whether storage or blog would refuse a token, given the revocations that they have received. */
function isRevoked(issued: Issued, received: readonly Revocation[]): boolean {
  return received.some(
    ({ ownerId, viewerId, mediaId, issuedUntil }) =>
      (ownerId === undefined || ownerId === issued.ownerId) &&
      (viewerId === undefined || viewerId === issued.viewerId) &&
      (mediaId === undefined || mediaId === issued.mediaId) &&
      issued.issuedAt <= Date.parse(issuedUntil),
  )
}

describe('any sequence of user actions, and of time passing', () => {
  it('leaves every viewer with exactly the tokens that the model allows', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 4, maxLength: 14 }), async (acts) => {
        const world = await makeWorld()
        app.storage.calls.length = 0
        app.blog.calls.length = 0
        const issued: Issued[] = []
        for (const numbered of acts) {
          if ('passing' in numbered) app.time.ahead += HOUR_MS + 60_000
          else await perform(world, toAct(world, numbered))
          await drained()
          const received = { media: revocationsOf(app.storage), page: revocationsOf(app.blog) }
          const refuses = (token: Issued) =>
            token.expiresAt <= now().getTime() ||
            isRevoked(token, token.mediaId ? received.media : received.page)
          for (const { allowed, got, what } of await look(world)) {
            expect({ what, gets: got !== null }).toEqual({ what, gets: allowed })
            if (!got) continue
            expect({ what, fresh: !refuses(got) }).toEqual({ what, fresh: true })
            issued.push(got)
          }
          const { model } = world
          for (const token of issued) {
            const { viewerId, mediaId, ownerId } = token
            const allowed = mediaId
              ? model.mayPlay(viewerId, mediaId, now())
              : model.mayOpenPage(viewerId, ownerId)
            if (!allowed) expect({ token, isRefused: refuses(token) }).toEqual({ token, isRefused: true })
          }
        }
      }),
      modelRuns(900),
    )
  })
})
