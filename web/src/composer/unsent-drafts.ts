import { pendingId } from '../data/expected-results.ts'
import { unsentPosts } from '../data/outbox.ts'
import { type Draft, toDraft } from './draft.ts'

/** The posts in the outbox that a list of posts does not show, for example because it could not be read. */
export function missingIn(listed: readonly { id: string }[] | null): Draft[] {
  const ids = new Set(listed?.map(({ id }) => id))
  return [...unsentPosts.values()]
    .flatMap((draft) => toDraft(draft) ?? [])
    .filter(({ clientMutationId }) => !ids.has(pendingId(clientMutationId)))
}
