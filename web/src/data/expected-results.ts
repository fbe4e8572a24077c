import { gql } from '@urql/core'
import type { Cache, OptimisticMutationConfig } from '@urql/exchange-graphcache'
import { MediaItemFragmentDocument } from '../../../generated/graphql/web.ts'
import { readSession } from './session-store.ts'

const PENDING = 'pending:'
const MEDIA_ITEM = gql(MediaItemFragmentDocument)

/** Whether this is the id of a post or comment that has not reached the server yet. */
export const isPending = (id: string): boolean => id.startsWith(PENDING)

type Input = {
  postId: string
  text: string
  audience?: string
  mediaIds?: string[]
  clientMutationId?: string
}
const inputOf = (variables: unknown): Input => (variables as { input: Input }).input

/** What the server will answer most likely. The cache shows it until the answer arrives. */
export const optimistic: OptimisticMutationConfig = {
  likePost: (variables, cache) => liked(cache, inputOf(variables).postId, true),
  unlikePost: (variables, cache) => liked(cache, inputOf(variables).postId, false),
  commentOnPost(variables, cache) {
    const { postId, text, clientMutationId } = inputOf(variables)
    return {
      __typename: 'CommentOnPostPayload',
      comment: {
        __typename: 'Comment',
        id: `${PENDING}${clientMutationId}`,
        text,
        createdAt: new Date().toISOString(),
        author: viewer(cache),
        post: { __typename: 'Post', id: postId, commentCount: count(cache, postId, 'commentCount') + 1 },
      },
    }
  },
  publishPost(variables, cache) {
    const { text, audience = 'FRIENDS', mediaIds = [], clientMutationId } = inputOf(variables)
    return {
      __typename: 'PublishPostPayload',
      post: {
        __typename: 'Post',
        id: `${PENDING}${clientMutationId}`,
        text,
        audience,
        publishedAt: new Date().toISOString(),
        editedAt: null,
        version: 1,
        likeCount: 0,
        likedByViewer: false,
        commentCount: 0,
        author: viewer(cache),
        media: mediaIds.flatMap((id) => cache.readFragment(MEDIA_ITEM, { id }) ?? []),
      },
    }
  },
}

function liked(cache: Cache, id: string, likes: boolean) {
  const before = cache.resolve({ __typename: 'Post', id }, 'likedByViewer') === true
  const change = before === likes ? 0 : likes ? 1 : -1
  const likeCount = Math.max(0, count(cache, id, 'likeCount') + change)
  return {
    __typename: likes ? 'LikePostPayload' : 'UnlikePostPayload',
    post: { __typename: 'Post', id, likeCount, likedByViewer: likes },
  }
}

function count(cache: Cache, id: string, field: string): number {
  const value = cache.resolve({ __typename: 'Post', id }, field)
  return typeof value === 'number' ? value : 0
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
    avatar: typeof avatar === 'string' ? avatarOf(cache, avatar) : null,
  }
}

function avatarOf(cache: Cache, key: string) {
  const id = cache.resolve(key, 'id')
  return typeof id === 'string' ? cache.readFragment(MEDIA_ITEM, { id }) : null
}
