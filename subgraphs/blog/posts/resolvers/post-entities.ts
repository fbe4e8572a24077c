import type { Resolvers } from '../../../../generated/graphql/blog.ts'
import { perRequest } from '../../../../platform/subgraph/per-request.ts'
import { type UserReference, userReference } from '../../access/user-reference.ts'
import type { Context } from '../../context.ts'
import { type ShownEntitiesDeps, type ShownEntity, shownEntities } from '../../mentions/shown-entities.ts'
import { type FoundEntity, findEntities } from '../../text-entities/text-entities.ts'

/** The dependencies of `Post.entities`. */
export type PostEntitiesDeps = ShownEntitiesDeps

/** `Post.entities` */
export function postEntitiesResolvers(deps: PostEntitiesDeps) {
  return {
    Post: {
      async entities(post, _args, context) {
        const shown = await shownEntities(deps, context, post, entitiesOf(context, post.text))
        return shown.map(toTextEntity)
      },
    },
  } satisfies Resolvers
}

// An operation may show the same post many times, and searching its text takes up to a millisecond.
const foundEntities = perRequest((_context: Context) => new Map<string, FoundEntity[]>())

function entitiesOf(context: Context, text: string): FoundEntity[] {
  const found = foundEntities(context)
  const entities = found.get(text) ?? findEntities(text)
  found.set(text, entities)
  return entities
}

type TextEntity = { start: number; length: number } & (
  | { __typename: 'LinkEntity'; url: string }
  | { __typename: 'HashtagEntity'; tag: string }
  | { __typename: 'MentionEntity'; user: UserReference }
)

function toTextEntity(entity: ShownEntity): TextEntity {
  const { start, length } = entity
  if (entity.kind === 'link') return { __typename: 'LinkEntity', start, length, url: entity.url }
  if (entity.kind === 'hashtag') return { __typename: 'HashtagEntity', start, length, tag: entity.tag }
  return { __typename: 'MentionEntity', start, length, user: userReference(entity.userId) }
}
