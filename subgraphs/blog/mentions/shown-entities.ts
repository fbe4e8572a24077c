import type { AccessModule } from '../access/module.ts'
import type { Context } from '../context.ts'
import { type FoundEntity, findEntities } from '../text-entities/text-entities.ts'
import type { MentionedUsers } from './mention-store.ts'
import type { MentionLoaderOf } from './module.ts'

/** The dependencies of `shownEntities`. */
export type ShownEntitiesDeps = Pick<AccessModule, 'hiddenUserIds'> & { mentionsOf: MentionLoaderOf }

/** Something in the text of a post that leads somewhere, for one viewer. */
export type ShownEntity =
  | Exclude<FoundEntity, { kind: 'mention' }>
  | (Extract<FoundEntity, { kind: 'mention' }> & { userId: string })

/** The entities of a post as the viewer of the request may see them, without mentions of users who do not exist for the viewer. */
export async function shownEntities(
  deps: ShownEntitiesDeps,
  context: Context,
  { id, text }: { id: string; text: string },
  found: readonly FoundEntity[] = findEntities(text),
): Promise<ShownEntity[]> {
  const users = found.some(({ kind }) => kind === 'mention')
    ? await visibleUsers(deps, id, context)
    : new Map<string, string>()
  return found.flatMap((entity): ShownEntity[] => {
    if (entity.kind !== 'mention') return [entity]
    const userId = users.get(entity.handle)
    return userId === undefined ? [] : [{ ...entity, userId }]
  })
}

/**
 * The mentioned users who exist for the viewer. A user with a block looks like a handle that nobody has. While
 * `communication` does not answer, all users do.
 */
async function visibleUsers(
  { mentionsOf, hiddenUserIds }: ShownEntitiesDeps,
  postId: string,
  context: Context,
): Promise<MentionedUsers> {
  const users = await mentionsOf(context).load(postId)
  if (users.size === 0) return users
  const hidden = await hiddenUserIds(context).catch(() => [...users.values()])
  return new Map([...users].filter(([, userId]) => !hidden.includes(userId)))
}
