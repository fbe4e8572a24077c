import type { Clock } from '../../../platform/clock.ts'
import { newId } from '../../../platform/ids.ts'
import type { TokenRevocations } from '../access/token-revocations.ts'
import { inTransaction, type RootDb } from '../database.ts'
import { type AudienceList, MAX_LISTS } from './audience-list.ts'
import { addList, holdList, holdListsOf, isNameTaken, removeList, saveName } from './list-store.ts'
import { findReaders, holdFriendships } from './list-use-store.ts'
import { revokeLost } from './revoke-lost.ts'

/** The dependencies of changing lists. */
export type ChangingLists = { db: RootDb; clock: Clock; revocations: TokenRevocations }

/** Creates a list of a user. */
export function createList(
  { db, clock }: ChangingLists,
  ownerId: string,
  name: string,
): Promise<AudienceList | 'no such user' | 'too many lists' | 'name taken'> {
  return inTransaction(db, async (tx) => {
    const count = await holdListsOf(tx, ownerId)
    if (count === null) return 'no such user'
    const list = { id: newId(), ownerId, name, createdAt: clock() }
    if (count >= MAX_LISTS) return 'too many lists'
    return (await addList(tx, list)) ? list : 'name taken'
  })
}

/** Renames a list of a user. */
export function renameList(
  { db }: ChangingLists,
  ownerId: string,
  listId: string,
  name: string,
): Promise<AudienceList | 'no such list' | 'name taken'> {
  return inTransaction(db, async (tx) => {
    // Names are compared while no other list of the user changes.
    await holdListsOf(tx, ownerId)
    const list = await holdList(tx, ownerId, listId)
    if (!list) return 'no such list'
    if (await isNameTaken(tx, list, name)) return 'name taken'
    await saveName(tx, listId, name)
    return { ...list, name }
  })
}

/**
 * Deletes a list of a user. Posts that use it are shown to nobody else from then on, so the tokens for media that friends
 * saw only in them are revoked.
 */
export function deleteList(
  { db, clock, revocations }: ChangingLists,
  ownerId: string,
  listId: string,
): Promise<'deleted' | 'no such list'> {
  return inTransaction(db, async (tx) => {
    await holdFriendships(tx, ownerId)
    if (!(await holdList(tx, ownerId, listId))) return 'no such list'
    const readers = await findReaders(tx, ownerId, listId)
    await removeList(tx, listId)
    await revokeLost(tx, revocations, { ownerId, listId }, readers, clock())
    return 'deleted'
  })
}
