import type { ChangeAudienceListMembersInput } from '../../../generated/graphql/communication.ts'
import { isId, normalId } from '../../../platform/ids.ts'
import { characterCount, cleanLine } from '../../../platform/text/clean-text.ts'
import { invalidInput, requestFailed } from '../failures.ts'
import { MAX_CHANGED, MAX_NAME } from './audience-list.ts'
import type { MemberChange } from './change-members.ts'

type Refused = ReturnType<typeof invalidInput>

/** Whether a checked input is a failure. */
export function isRefused(input: string | MemberChange | Refused): input is Refused {
  return typeof input === 'object' && '__typename' in input
}

/** Checks the name of a list. Returns the cleaned name, or the failure. */
export function readName(typed: string): string | Refused {
  const name = cleanLine(typed)
  const count = characterCount(name)
  if (count === 0) return invalidInput('input.name', 'The name is empty. Choose a name for the list.')
  if (count > MAX_NAME) {
    return invalidInput('input.name', `The name has ${count} characters. Shorten it to at most ${MAX_NAME}.`)
  }
  return name
}

/** Checks the users whom a change adds and removes. */
export function readMemberChange(
  input: ChangeAudienceListMembersInput,
  ownerId: string,
): MemberChange | Refused {
  const addIds = [...new Set(input.addIds?.map(normalId))]
  const removeIds = [...new Set(input.removeIds?.map(normalId))]
  for (const [field, ids] of Object.entries({ addIds, removeIds })) {
    if (ids.length > MAX_CHANGED) {
      return invalidInput(
        `input.${field}`,
        `${ids.length} users are too many at once. Send at most ${MAX_CHANGED}.`,
      )
    }
    if (!ids.every(isId)) return invalidInput(`input.${field}`, 'An id is not a UUID. Send the ids of users.')
  }
  if (addIds.includes(ownerId)) {
    return invalidInput('input.addIds', 'You see your own posts anyway. Remove your own id.')
  }
  if (addIds.some((id) => removeIds.includes(id))) {
    return invalidInput('input.removeIds', 'A user is to be added and removed. Decide for one of the two.')
  }
  return { addIds, removeIds }
}

/** The failure for a list id that cannot be one. */
export const notAListId = () =>
  invalidInput('input.listId', 'The list id is not a UUID. Send the id of one of your audience lists.')

/** The failure for lists that do not exist and for lists of other users. The two must not differ. */
export const noSuchList = () => requestFailed('NOT_FOUND', 'You have no audience list with this id.')
