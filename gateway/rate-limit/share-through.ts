import type { ShareUse } from '../../platform/rate-limits/shared-use.ts'
import { callPeer, type PeerClient } from '../../platform/subgraph/peer.ts'
import { communicationOperation } from '../internal-operations/communication.ts'

/** Shares the use of rate limits with the other gateway processes through the database of `communication`. */
export function shareThrough(communication: PeerClient): ShareUse {
  const operation = communicationOperation('share-rate-limits')
  return async (uses) => (await callPeer(communication, operation, { uses: [...uses] })).shareRateLimits
}
