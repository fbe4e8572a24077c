import DataLoader from 'dataloader'
import { callPeer, type PeerClient } from '../../platform/subgraph/peer.ts'
import { communicationOperation } from '../internal-operations/communication.ts'

/**
 * Returns until when the newest access token of a session is valid, in milliseconds since 1970. Null if the session has
 * ended, or if `communication` does not answer.
 */
export type NewestTokenEnd = (sessionId: string) => Promise<number | null>

const MAX_SESSIONS = 500

/** Asks `communication`, which knows the tokens that clients have received through all gateways. */
export function createSessionRenewals(communication: PeerClient): NewestTokenEnd {
  // Streams that opened together end together, so their sessions share a request.
  const ends = new DataLoader<string, Date | null>(
    async (sessionIds) => {
      const operation = communicationOperation('access-token-ends')
      const { accessTokenEnds } = await callPeer(communication, operation, { sessionIds })
      return accessTokenEnds.map((end) => (end === null ? null : new Date(end)))
    },
    { cache: false, maxBatchSize: MAX_SESSIONS, batchScheduleFn: setImmediate },
  )
  return async (sessionId) => {
    const end = await ends.load(sessionId).catch(() => null)
    return end?.getTime() ?? null
  }
}
