import { inTransaction } from '../database.ts'
import { type AudienceList, MAX_MEMBERS } from './audience-list.ts'
import type { ChangingLists } from './change-lists.ts'
import { holdList } from './list-store.ts'
import { countVisible, findMembersAmong, forgetHidden, holdUsers, saveMembers } from './member-store.ts'
import { revokeLost } from './revoke-lost.ts'

/** The users whom a change adds to a list, and the users whom it removes. */
export type MemberChange = { addIds: readonly string[]; removeIds: readonly string[] }

/** The outcome of a change; nothing was changed unless it is a list. */
export type MembersChanged = AudienceList | 'no such list' | 'too many members' | { unknownIds: string[] }

/**
 * Changes the members of a user's list. Removing a user from a list that is used with `ONLY_LIST`, and adding one to a list
 * that is used with `EXCEPT_LIST`, takes posts away from that user, if the two are friends. Only the tokens for media of these
 * posts are revoked: nobody may notice being added or removed by anything but posts that are gone.
 */
export function changeMembers(
  { db, clock, revocations }: ChangingLists,
  ownerId: string,
  listId: string,
  { addIds, removeIds }: MemberChange,
): Promise<MembersChanged> {
  const now = clock()
  return inTransaction(db, async (tx) => {
    // Users first, as when an account is deleted. No friendship begins or ends meanwhile.
    const known = await holdUsers(tx, ownerId, [...addIds, ...removeIds])
    const list = await holdList(tx, ownerId, listId)
    if (!list) return 'no such list'
    const unknownIds = addIds.filter((id) => !known.has(id))
    if (unknownIds.length > 0) return { unknownIds }
    const members = await findMembersAmong(tx, listId, [...addIds, ...removeIds])
    const added = addIds.filter((id) => !members.has(id))
    const removed = removeIds.filter((id) => members.has(id))
    const growth = added.length - removed.filter((id) => known.has(id)).length
    if (growth > 0 && (await countVisible(tx, ownerId, listId)) + growth > MAX_MEMBERS)
      return 'too many members'
    await saveMembers(tx, listId, { added, removed, now })
    if (added.length > 0) await forgetHidden(tx, ownerId, listId, MAX_MEMBERS)
    const losing = [
      ...removed.map((viewerId) => ({ viewerId, audience: 'ONLY_LIST' as const })),
      ...added.map((viewerId) => ({ viewerId, audience: 'EXCEPT_LIST' as const })),
    ]
    await revokeLost(tx, revocations, { ownerId, listId }, losing, now)
    return list
  })
}
