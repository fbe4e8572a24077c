import type { Audience } from '../../../generated/graphql/blog.ts'
import { isId, normalId } from '../../../platform/ids.ts'
import { type FailureResult, invalidInput, notAnId } from '../failures.ts'
import type { Shown } from './audience-plan.ts'

/**
 * Checks an audience and its list.
 *
 * @param listId the list that the author sent; null if none
 * @param keptListId the list that the post has already; null if none
 */
export function readAudience(
  audience: Audience,
  listId: string | null,
  keptListId: string | null,
): Shown | FailureResult {
  const needsList = audience === 'ONLY_LIST' || audience === 'EXCEPT_LIST'
  if (!needsList) {
    if (listId === null) return { audience, audienceListId: null }
    return invalidInput(
      'input.audienceListId',
      'Only the audiences ONLY_LIST and EXCEPT_LIST have a list. Leave out the list, or choose one of these audiences.',
    )
  }
  const chosen = listId ?? keptListId
  if (chosen === null) {
    return invalidInput(
      'input.audienceListId',
      'This audience needs a list. Send the id of one of your audience lists.',
    )
  }
  if (!isId(chosen)) return notAnId('input.audienceListId', 'audience list', chosen)
  return { audience, audienceListId: normalId(chosen) }
}
