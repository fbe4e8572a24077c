import type { Resolvers } from '../../../../generated/graphql/blog.ts'
import { perRequest } from '../../../../platform/subgraph/per-request.ts'
import type { AccessModule } from '../../access/module.ts'
import { type UserReference, userReference } from '../../access/user-reference.ts'
import type { Context } from '../../context.ts'
import type { MentionedUsers } from '../../mentions/mention-store.ts'
import type { MentionLoaderOf } from '../../mentions/module.ts'
import { type FoundEntity, findEntities } from '../../text-entities/text-entities.ts'

/** The dependencies of `Post.entities`. */
export type PostEntitiesDeps = Pick<AccessModule, 'hiddenUserIds'> & { mentionsOf: MentionLoaderOf }

/** `Post.entities` */
export function postEntitiesResolvers(deps: PostEntitiesDeps) {
  return {
    Post: {
      async entities({ id, text }, _args, context) {
        const entities = entitiesOf(context, text)
        const users = entities.some(({ kind }) => kind === 'mention')
          ? await visibleUsers(deps, id, context)
          : new Map<string, string>()
        return entities.flatMap((entity) => toTextEntity(entity, users))
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

/**
 * The mentioned users who exist for the viewer. A user with a block looks like a handle that nobody has. While
 * `communication` does not answer, all users do.
 */
async function visibleUsers(
  { mentionsOf, hiddenUserIds }: PostEntitiesDeps,
  postId: string,
  context: Context,
): Promise<MentionedUsers> {
  const users = await mentionsOf(context).load(postId)
  if (users.size === 0) return users
  const hidden = await hiddenUserIds(context).catch(() => [...users.values()])
  return new Map([...users].filter(([, userId]) => !hidden.includes(userId)))
}

type TextEntity = { start: number; length: number } & (
  | { __typename: 'LinkEntity'; url: string }
  | { __typename: 'HashtagEntity'; tag: string }
  | { __typename: 'MentionEntity'; user: UserReference }
)

function toTextEntity(entity: FoundEntity, users: MentionedUsers): TextEntity[] {
  const { start, length } = entity
  if (entity.kind === 'link') return [{ __typename: 'LinkEntity', start, length, url: entity.url }]
  if (entity.kind === 'hashtag') return [{ __typename: 'HashtagEntity', start, length, tag: entity.tag }]
  const userId = users.get(entity.handle)
  if (userId === undefined) return []
  return [{ __typename: 'MentionEntity', start, length, user: userReference(userId) }]
}
