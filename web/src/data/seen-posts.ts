import {
  MarkFeedSeenDocument,
  MarkMoblogSeenDocument,
  ViewPostsDocument,
} from '../../../generated/graphql/web.ts'
import { send } from './client.ts'
import { createViewCounter } from './view-counter.ts'

const SEND_VIEWS_AFTER_MS = 2_000

/** Counts that the viewer has viewed a post of another user. */
export const countView = createViewCounter(
  (postIds) => send(ViewPostsDocument, { input: { postIds } }),
  SEND_VIEWS_AFTER_MS,
)

/** Marks the home feed as seen, up to a post. If that fails, the posts stay new until the next visit. */
export async function markFeedSeen(upToPostId: string): Promise<void> {
  await send(MarkFeedSeenDocument, { input: { upToPostId } }).catch(() => null)
}

/** Marks a moblog as seen, up to a post. If that fails, the posts stay new until the next visit. */
export async function markMoblogSeen(moblogId: string, upToPostId: string): Promise<void> {
  await send(MarkMoblogSeenDocument, { input: { moblogId, upToPostId } }).catch(() => null)
}
