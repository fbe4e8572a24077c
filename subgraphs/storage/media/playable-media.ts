import { callPeer, type PeerClient } from '../../../platform/subgraph/peer.ts'
import { communicationOperation } from '../internal-operations/communication.ts'

/** Returns which of some media a viewer may see and play; `viewerId` is null for a signed-out viewer. */
export type FindPlayable = (viewerId: string | null, mediaIds: readonly string[]) => Promise<Set<string>>

/** Creates a function that asks `communication`, which decides. */
export function createPlayableFinder(communication: () => PeerClient): FindPlayable {
  return async (viewerId, mediaIds) => {
    const operation = communicationOperation('playable-media')
    const { playableMedia } = await callPeer(communication(), operation, { viewerId, mediaIds })
    return new Set(playableMedia)
  }
}
