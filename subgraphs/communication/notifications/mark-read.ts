import type { MarkNotificationsReadInput } from '../../../generated/graphql/communication.ts'
import { isId } from '../../../platform/ids.ts'
import { invalidInput } from '../failures.ts'

const MAX_IDS = 100

/** Which notifications were read: the listed ones, or one and all before it. */
export type Marked = { ids: string[] } | { upTo: string }

/** Validates which notifications to mark as read. */
export function readMarked({
  ids,
  upTo,
}: MarkNotificationsReadInput): Marked | ReturnType<typeof invalidInput> {
  if ((ids == null) === (upTo == null))
    return invalidInput('input', 'Send either "ids" or "upTo", and not both.')
  if (upTo != null)
    return isId(upTo)
      ? { upTo }
      : invalidInput('input.upTo', 'A notification id is not a UUID. Send ids of your notifications.')
  const given = ids ?? []
  if (given.length > MAX_IDS)
    return invalidInput(
      'input.ids',
      `The request has ${given.length} ids; the limit is ${MAX_IDS}. Split it.`,
    )
  return given.every(isId)
    ? { ids: [...given] }
    : invalidInput('input.ids', 'A notification id is not a UUID. Send ids of your notifications.')
}
