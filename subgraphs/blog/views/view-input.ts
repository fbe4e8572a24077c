import type { ViewPostsInput } from '../../../generated/graphql/blog.ts'
import { isId } from '../../../platform/ids.ts'
import { type FailureResult, invalidInput, notAnId } from '../failures.ts'

/** The maximum number of posts of one call of `viewPosts`. */
const MAX_VIEWED = 100

/** Checks the input of `viewPosts` and returns the ids of the posts, each once. */
export function readViewed({ postIds }: ViewPostsInput): string[] | FailureResult {
  if (postIds.length > MAX_VIEWED) {
    return invalidInput(
      'input.postIds',
      `The request has ${postIds.length} post ids; the limit is ${MAX_VIEWED}. Split it.`,
    )
  }
  const malformed = postIds.find((id) => !isId(id))
  if (malformed !== undefined) return notAnId('input.postIds', 'post', malformed)
  return [...new Set(postIds.map((id) => id.toLowerCase()))]
}
