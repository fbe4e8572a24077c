import { nextRevocation, saveViewerRevocations } from '../access/revocation-store.ts'
import type { TokenRevocations } from '../access/token-revocations.ts'
import type { Db } from '../database.ts'
import { findLosses, type LosingViewer, revokeFriends } from './list-use-store.ts'

// A list may be used by thousands of posts and change for hundreds of friends.
const MAX_LOSSES = 2_000

/**
 * Revokes the tokens for media that friends may no longer play, as the last step of a change of a locked list. All other
 * tokens keep working, so nobody notices a change that takes nothing away from them. If it may take more away than is
 * revoked one by one, the tokens of these friends for all media of the owner are revoked.
 *
 * @param losing users who leave the audience of posts for the list; those who are no friends have nothing to lose
 */
export async function revokeLost(
  tx: Db,
  revocations: TokenRevocations,
  list: { ownerId: string; listId: string },
  losing: readonly LosingViewer[],
  now: Date,
): Promise<void> {
  const { ownerId } = list
  const possible = losing.length > 0 ? await findLosses(tx, list, losing, now, MAX_LOSSES + 1) : []
  const lost = possible.filter(({ isLost }) => isLost).map(({ viewerId, mediaId }) => ({ viewerId, mediaId }))
  if (lost.length === 0 && possible.length <= MAX_LOSSES) return
  const until = await nextRevocation(tx, [ownerId], now)
  if (possible.length <= MAX_LOSSES) {
    await saveViewerRevocations(tx, lost, until)
    await revocations.ofViewers(tx, ownerId, lost, until)
  } else {
    const viewerIds = losing.map(({ viewerId }) => viewerId)
    await revocations.ofViewers(tx, ownerId, await revokeFriends(tx, ownerId, viewerIds, until), until)
  }
}
