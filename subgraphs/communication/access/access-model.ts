import type { Audience } from '../../../generated/graphql/internal/communication.ts'

/** An action that can change who may play which media. */
export type Act =
  | { kind: 'step'; verb: string; who: string; whom: string }
  | {
      kind: 'show'
      post: string
      owner: string
      media: string[]
      audience: Audience
      list: string | null
      expiresAt: Date | null
    }
  | { kind: 'list'; list: string; member: string; isIn: boolean }
  | { kind: 'unlist'; list: string }
  | { kind: 'delete'; media: string }

/** A simple model of who may play which media (docs/method.md, C2). Tests compare the service with it. */
export type AccessModel = {
  act(act: Act): void
  mayPlay(viewer: string | null, media: string, now: Date): boolean
  mayOpenPage(viewer: string | null, owner: string): boolean
}

/**
 * Creates the model in its initial state, in which no user has done anything.
 *
 * @param owners the owner of each media file
 * @param listOwners the owner of each audience list; all lists are empty
 */
export function createAccessModel(
  owners: ReadonlyMap<string, string>,
  listOwners: ReadonlyMap<string, string>,
): AccessModel {
  const friends = new Set<string>()
  const requests = new Set<string>()
  const blocks = new Set<string>()
  const posts = new Map<string, Extract<Act, { kind: 'show' }>>()
  const lists = new Map([...listOwners].map(([list, owner]) => [list, { owner, members: new Set<string>() }]))
  const gone = new Set<string>()
  const both = (a: string, b: string) => [`${a} ${b}`, `${b} ${a}`]
  const forget = (set: Set<string>, pairs: string[]) => {
    for (const pair of pairs) set.delete(pair)
  }
  const areFriends = (a: string, b: string) => friends.has(`${a} ${b}`)

  const step = (verb: string, who: string, whom: string) => {
    const [mine = '', theirs = ''] = both(who, whom)
    // For a blocked user, the blocking user does not exist, so the step has no effect.
    if (blocks.has(theirs)) return
    if (verb === 'blockUser') {
      for (const set of [friends, requests]) forget(set, [mine, theirs])
      blocks.add(mine)
    }
    if (verb === 'unblockUser') blocks.delete(mine)
    if (blocks.has(mine)) return
    if (verb === 'unfriend') forget(friends, [mine, theirs])
    if (verb === 'cancelFriendRequest') requests.delete(mine)
    if (verb === 'declineFriendRequest') requests.delete(theirs)
    if (areFriends(who, whom)) return
    if ((verb === 'requestFriend' || verb === 'acceptFriendRequest') && requests.has(theirs)) {
      forget(requests, [mine, theirs])
      for (const pair of [mine, theirs]) friends.add(pair)
    } else if (verb === 'requestFriend') requests.add(mine)
  }

  const isBlocked = (viewer: string | null, owner: string) =>
    viewer !== null && both(viewer, owner).some((pair) => blocks.has(pair))

  const isShownTo = (
    viewer: string | null,
    owner: string,
    { audience, list: id }: Extract<Act, { kind: 'show' }>,
  ) => {
    if (audience === 'PUBLIC') return true
    if (viewer === null || audience === 'ONLY_ME' || !areFriends(viewer, owner)) return false
    if (audience === 'FRIENDS') return true
    const list = lists.get(id ?? '')
    return list?.owner === owner && list.members.has(viewer) === (audience === 'ONLY_LIST')
  }

  return {
    act(act) {
      if (act.kind === 'step') step(act.verb, act.who, act.whom)
      else if (act.kind === 'delete') gone.add(act.media)
      else if (act.kind === 'unlist') lists.delete(act.list)
      else if (act.kind === 'list') {
        const list = lists.get(act.list)
        if (!list || act.member === list.owner) return
        if (!act.isIn) list.members.delete(act.member)
        else if (!blocks.has(`${act.member} ${list.owner}`)) list.members.add(act.member)
      } else {
        const shown = posts.get(act.post)?.media ?? []
        // A post cannot start to show deleted media.
        if (act.media.some((media) => gone.has(media) && !shown.includes(media))) return
        posts.set(act.post, act)
      }
    },
    mayPlay(viewer, media, now) {
      const owner = owners.get(media) ?? ''
      if (gone.has(media) || isBlocked(viewer, owner)) return false
      if (viewer === owner) return true
      return [...posts.values()]
        .filter((post) => post.media.includes(media) && (post.expiresAt === null || post.expiresAt > now))
        .some((post) => isShownTo(viewer, owner, post))
    },
    mayOpenPage: (viewer, owner) => !isBlocked(viewer, owner),
  }
}
