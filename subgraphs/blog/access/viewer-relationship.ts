import type { Audience } from '../../../generated/graphql/blog.ts'

/** What a user is to the viewer, as `communication` reports it. */
export type Relationship = 'SELF' | 'FRIEND' | 'REQUEST_SENT' | 'REQUEST_RECEIVED' | 'BLOCKED' | 'NONE'

/** The relationship of a user to the viewer, as far as it decides what the viewer sees in the user's moblog. */
export type ViewerRelationship = {
  /** `INVISIBLE` if the user does not exist for the viewer, for any reason. */
  kind: Relationship | 'INVISIBLE'
  /** The user's audience lists that contain the viewer. */
  listsWithViewer: readonly string[]
  /** The user's audience lists that do not contain the viewer. A deleted list is in neither. */
  listsWithoutViewer: readonly string[]
}

/** A relationship without audience lists. */
export function plainRelationship(kind: ViewerRelationship['kind']): ViewerRelationship {
  return { kind, listsWithViewer: [], listsWithoutViewer: [] }
}

/** The relationship of the viewer to the viewer. */
export const SELF = plainRelationship('SELF')

/** The relationship of a user who does not exist for the viewer. */
export const INVISIBLE = plainRelationship('INVISIBLE')

/** To whom a post is shown, and until when. */
export type PostAudience = {
  audience: Audience
  /** The audience list of `ONLY_LIST` and `EXCEPT_LIST`; null for other audiences. */
  audienceListId: string | null
  /** From when on nobody sees the post; null if it does not expire. */
  expiresAt: Date | null
}

/** The channels of a moblog through which posts reach a viewer. Each is a range of an index of posts. */
export type SeenChannels = {
  /** Audiences without lists. */
  audiences: readonly Audience[]
  /** The lists whose posts for `ONLY_LIST` the viewer sees. */
  onlyLists: readonly string[]
  /** The lists whose posts for `EXCEPT_LIST` the viewer sees. */
  exceptLists: readonly string[]
  /** Whether the viewer sees all posts for lists, also for deleted lists. */
  allLists: boolean
}

const NOTHING: readonly Audience[] = []
const OPEN: readonly Audience[] = ['PUBLIC']

// A friend request alone gives neither side additional access.
const SEEN: Readonly<Record<ViewerRelationship['kind'], readonly Audience[]>> = {
  SELF: ['PUBLIC', 'FRIENDS', 'ONLY_ME'],
  FRIEND: ['PUBLIC', 'FRIENDS'],
  REQUEST_SENT: OPEN,
  REQUEST_RECEIVED: OPEN,
  NONE: OPEN,
  BLOCKED: NOTHING,
  INVISIBLE: NOTHING,
}

/** The channels that the viewer sees in the moblog of a user with this relationship. */
export function channelsSeen(relationship: ViewerRelationship): SeenChannels {
  const { kind, listsWithViewer, listsWithoutViewer } = relationship
  const isFriend = kind === 'FRIEND'
  return {
    audiences: SEEN[kind],
    onlyLists: isFriend ? listsWithViewer : [],
    exceptLists: isFriend ? listsWithoutViewer : [],
    allLists: kind === 'SELF',
  }
}

/** Whether the viewer may see a post of a user with this relationship now. */
export function maySeePost(
  relationship: ViewerRelationship,
  { audience, audienceListId, expiresAt }: PostAudience,
  now: Date,
): boolean {
  if (expiresAt !== null && expiresAt <= now) return false
  const { audiences, onlyLists, exceptLists, allLists } = channelsSeen(relationship)
  if (audience !== 'ONLY_LIST' && audience !== 'EXCEPT_LIST') return audiences.includes(audience)
  if (allLists) return true
  const lists = audience === 'ONLY_LIST' ? onlyLists : exceptLists
  return audienceListId !== null && lists.includes(audienceListId)
}

/** Whether the viewer may know that this user's moblog exists. A blocked viewer sees the same as for a missing user. */
export function maySeeMoblog({ kind }: ViewerRelationship): boolean {
  return SEEN[kind].length > 0
}
