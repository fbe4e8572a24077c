import type { Resolvers } from '../../../../generated/graphql/blog.ts'
import { userReference } from '../../access/user-reference.ts'
import { visibleMoblog } from '../../moblogs/visible-moblog.ts'
import type { PostLoadersOf } from '../post-loaders.ts'

/** `Query.post` and the fields of `Post`, without its comments. */
export function postResolvers({ posts }: { posts: PostLoadersOf }) {
  return {
    Query: {
      post: (_root, { id }, context) => posts(context).post.load(id),
    },
    Post: {
      __resolveReference: (key, context) => posts(context).post.load('id' in key ? key.id : key.reference),
      reference: ({ id }) => id,
      moblog: ({ moblogId, relationship }) => visibleMoblog(moblogId, relationship),
      author: ({ moblogId }) => userReference(moblogId),
      audienceList: ({ audienceListId }) =>
        audienceListId === null ? null : { __typename: 'AudienceList', reference: audienceListId },
      media: ({ mediaIds }) => mediaIds.map((id) => ({ __typename: 'Media', id })),
    },
  } satisfies Resolvers
}
