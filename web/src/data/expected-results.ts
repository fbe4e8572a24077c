import { gql } from '@urql/core'
import type { Cache, OptimisticMutationConfig } from '@urql/exchange-graphcache'
import { MediaItemFragmentDocument } from '../../../generated/graphql/web.ts'
import { readSession, serverNow } from './session-store.ts'

const PENDING = 'pending:'
const MEDIA_ITEM = gql(MediaItemFragmentDocument)
const AVATAR = gql(
  'fragment Avatar on Media { __typename id access { __typename url imageUrl(width: 320) expiresAt } }',
)

/** Whether this is the id of a post or comment that has not reached the server yet. */
export const isPending = (id: string): boolean => id.startsWith(PENDING)

/** The id of a post or comment until it has reached the server. */
export const pendingId = (clientMutationId: string): string => PENDING + clientMutationId

/** The `clientMutationId` of a post or comment that has not reached the server yet. */
export const pendingMutationId = (id: string): string => id.slice(PENDING.length)

type Input = {
  postId: string
  text: string
  audience?: string
  audienceListId?: string | null
  contentWarning?: string | null
  lifetimeSeconds?: number | null
  mediaIds?: string[]
  replyToId?: string | null
  commentId: string
  clientMutationId?: string
}
const inputOf = (variables: unknown): Input => (variables as { input: Input }).input

/** What the server will answer most likely. The cache shows it until the answer arrives. */
export const optimistic: OptimisticMutationConfig = {
  likePost: (variables, cache) => likedPost(cache, inputOf(variables).postId, true),
  unlikePost: (variables, cache) => likedPost(cache, inputOf(variables).postId, false),
  likeComment: (variables, cache) => likedComment(cache, inputOf(variables).commentId, true),
  unlikeComment: (variables, cache) => likedComment(cache, inputOf(variables).commentId, false),
  hidePost: (variables) => ({
    __typename: 'HidePostPayload',
    post: { __typename: 'Post', id: inputOf(variables).postId, isHidden: true },
  }),
  unhidePost: (variables) => ({
    __typename: 'UnhidePostPayload',
    post: { __typename: 'Post', id: inputOf(variables).postId, isHidden: false },
  }),
  updateReadReceipts: (variables) => ({
    __typename: 'UpdateReadReceiptsPayload',
    readReceipts: (variables as { input: { enabled: boolean } }).input.enabled,
  }),
  commentOnPost(variables, cache) {
    const { postId, text, replyToId = null, clientMutationId } = inputOf(variables)
    return {
      __typename: 'CommentOnPostPayload',
      comment: {
        __typename: 'Comment',
        id: `${PENDING}${clientMutationId}`,
        text,
        createdAt: new Date(serverNow()).toISOString(),
        likeCount: 0,
        likedByViewer: false,
        replyTo: replyToId === null ? null : { __typename: 'Comment', id: threadOf(cache, replyToId) },
        author: viewer(cache),
        post: {
          __typename: 'Post',
          id: postId,
          commentCount: count(cache, { __typename: 'Post', id: postId }, 'commentCount') + 1,
        },
      },
    }
  },
  publishPost(variables, cache) {
    const input = inputOf(variables)
    const { text, audience = 'FRIENDS', mediaIds = [], clientMutationId } = input
    const { audienceListId = null, contentWarning, lifetimeSeconds } = input
    const now = serverNow()
    return {
      __typename: 'PublishPostPayload',
      post: {
        __typename: 'Post',
        id: `${PENDING}${clientMutationId}`,
        text,
        // Only the server finds what leads somewhere.
        entities: [],
        contentWarning: contentWarning || null,
        audience,
        audienceList: audienceListId === null ? null : listOf(cache, audienceListId),
        publishedAt: new Date(now).toISOString(),
        expiresAt: lifetimeSeconds ? new Date(now + lifetimeSeconds * 1_000).toISOString() : null,
        editedAt: null,
        version: 1,
        likeCount: 0,
        likedByViewer: false,
        viewCount: 0,
        commentCount: 0,
        isHidden: false,
        author: viewer(cache),
        media: mediaIds.flatMap((id) => cache.readFragment(MEDIA_ITEM, { id }) ?? []),
      },
    }
  },
}

function listOf(cache: Cache, id: string) {
  const entity = { __typename: 'AudienceList', id }
  const name = cache.resolve(entity, 'name')
  return { ...entity, name: typeof name === 'string' ? name : '' }
}

type Entity = { __typename: 'Post' | 'Comment'; id: string }

function likedPost(cache: Cache, id: string, likes: boolean) {
  const post = liked(cache, { __typename: 'Post', id }, likes)
  return { __typename: likes ? 'LikePostPayload' : 'UnlikePostPayload', post }
}

function likedComment(cache: Cache, id: string, likes: boolean) {
  const comment = liked(cache, { __typename: 'Comment', id }, likes)
  return { __typename: likes ? 'LikeCommentPayload' : 'UnlikeCommentPayload', comment }
}

function liked(cache: Cache, entity: Entity, likes: boolean) {
  const before = cache.resolve(entity, 'likedByViewer') === true
  const change = before === likes ? 0 : likes ? 1 : -1
  const likeCount = Math.max(0, count(cache, entity, 'likeCount') + change)
  return { ...entity, likeCount, likedByViewer: likes }
}

function count(cache: Cache, entity: Entity, field: string): number {
  const value = cache.resolve(entity, field)
  return typeof value === 'number' ? value : 0
}

/** The comment below which a reply is listed: there is one level of replies. */
function threadOf(cache: Cache, answeredId: string): string {
  const thread = cache.resolve({ __typename: 'Comment', id: answeredId }, 'replyTo')
  const id = typeof thread === 'string' ? cache.resolve(thread, 'id') : null
  return typeof id === 'string' ? id : answeredId
}

function viewer(cache: Cache) {
  const session = readSession()
  const entity = { __typename: 'User', id: session?.userId ?? '' }
  const avatar = cache.resolve(entity, 'avatar')
  return {
    ...entity,
    handle: session?.handle ?? '',
    displayName: session?.displayName ?? '',
    relationship: 'SELF',
    isMuted: false,
    avatar: typeof avatar === 'string' ? avatarOf(cache, avatar) : null,
  }
}

function avatarOf(cache: Cache, key: string) {
  const id = cache.resolve(key, 'id')
  return typeof id === 'string' ? cache.readFragment(AVATAR, { id }) : null
}
