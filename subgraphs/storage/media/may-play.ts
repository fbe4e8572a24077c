import { z } from 'zod'
import { askPeer } from '../../../platform/subgraph/ask-peer.ts'
import type { SubgraphClient } from '../../../platform/subgraph/client.ts'

const QUERY =
  'query Playable($viewerId: ID, $mediaIds: [ID!]!) { ids: playableMedia(viewerId: $viewerId, mediaIds: $mediaIds) }'

const answer = z.object({ ids: z.array(z.string()) })

/** Asks `communication` whether a viewer, null for one who is signed out, may see and play a medium. */
export function askWhoMayPlay(communication: () => SubgraphClient) {
  return async (viewerId: string | null, mediaId: string): Promise<boolean> => {
    const { ids } = await askPeer(
      communication(),
      'storage',
      QUERY,
      { viewerId, mediaIds: [mediaId] },
      answer,
    )
    return ids.includes(mediaId)
  }
}
