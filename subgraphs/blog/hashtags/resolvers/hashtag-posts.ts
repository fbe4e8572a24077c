import { createHash } from 'node:crypto'
import type { Resolvers } from '../../../../generated/graphql/blog.ts'
import { readPageRequest, toConnection } from '../../../../platform/connections.ts'
import { badInput } from '../../../../platform/errors.ts'
import { fromCursor, toCursor } from '../../posts/post-position.ts'
import { typedHashtagKey } from '../../text-entities/find-hashtags.ts'
import { type ReadHashtagDeps, readHashtag } from '../read-hashtag.ts'

const MAX_TAG = 200

/** `Query.hashtagPosts` */
export function hashtagPostsResolvers(deps: ReadHashtagDeps) {
  return {
    Query: {
      async hashtagPosts(_root, args, context) {
        if (args.tag.length > MAX_TAG)
          throw badInput(`"tag" has ${args.tag.length} characters. Shorten it to at most ${MAX_TAG}.`)
        const key = typedHashtagKey(args.tag)
        const list = hashtagList(key ?? '')
        const request = readPageRequest(args, list)
        const after = request.after && fromCursor(request.after)
        const page = { after, count: request.first + 1 }
        const posts = key === null ? [] : await readHashtag(deps, key, page, context)
        return toConnection(posts, request, list, toCursor, (post) => post)
      },
    },
  } satisfies Resolvers
}

/** The list name for cursors of a hashtag, so that cursors of another hashtag are refused. */
function hashtagList(key: string): string {
  return `hashtag/${createHash('sha256').update(key).digest('base64url').slice(0, 8)}`
}
