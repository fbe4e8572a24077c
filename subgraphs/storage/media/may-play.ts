import { z } from 'zod'
import { askPeer } from '../../../platform/subgraph/ask-peer.ts'
import type { SubgraphClient } from '../../../platform/subgraph/client.ts'

const QUERY =
  'query Playable($viewerId: ID, $mediaIds: [ID!]!) { ids: playableMedia(viewerId: $viewerId, mediaIds: $mediaIds) }'

const answer = z.object({ ids: z.array(z.string()) })

/** Returns which of some media a viewer may see and play; `viewerId` is null for a signed-out viewer. */
export type FindPlayable = (viewerId: string | null, mediaIds: readonly string[]) => Promise<Set<string>>

/** Creates a function that asks `communication`, which decides. */
export function askWhatMayBePlayed(communication: () => SubgraphClient): FindPlayable {
  return async (viewerId, mediaIds) => {
    const { ids } = await askPeer(communication(), 'storage', QUERY, { viewerId, mediaIds }, answer)
    return new Set(ids)
  }
}
