import {
  NotificationsDocument,
  type NotificationsQuery,
  OwnProfileDocument,
} from '../../../generated/graphql/web.ts'
import { api, ask } from './client.ts'
import { markIdsRead } from './mark-read.ts'

type Inbox = NonNullable<NonNullable<NotificationsQuery['viewer']>['notifications']>
type Page = {
  edges: { node: Pick<Inbox['edges'][number]['node'], 'id' | 'readAt'> }[]
  pageInfo: Pick<Inbox['pageInfo'], 'hasNextPage' | 'endCursor'>
}

// Together as many notifications as the server marks at once.
const MOST_PAGES = 5

/** Marks the notifications about a post as read that the viewer looks at. Without a connection, they stay unread. */
export async function markPostRead(postId: string): Promise<void> {
  const { data } = await api().query(OwnProfileDocument, {}, { requestPolicy: 'cache-first' }).toPromise()
  const unread = data?.viewer?.notifications?.unreadCount ?? 0
  const ids = await findUnreadAbout(postId, unread, async (after) => {
    const { viewer } = await ask(NotificationsDocument, after === null ? {} : { after })
    return viewer?.notifications ?? null
  })
  if (ids.length > 0) await markIdsRead(ids)
}

/**
 * Finds the unread notifications about a post among the newest ones, as far back as there are unread ones.
 *
 * @param unread how many unread notifications there are
 * @param readPage reads a page of the inbox; null begins with the newest
 */
export async function findUnreadAbout(
  postId: string,
  unread: number,
  readPage: (after: string | null) => Promise<Page | null>,
): Promise<string[]> {
  const found: string[] = []
  let left = unread
  let after: string | null = null
  for (let pages = 0; left > 0 && pages < MOST_PAGES; pages += 1) {
    const page: Page | null = await readPage(after)
    for (const { node } of page?.edges ?? []) {
      if (node.readAt !== null) continue
      left -= 1
      if (isAbout(node, postId)) found.push(node.id)
    }
    if (!page?.pageInfo.hasNextPage) break
    after = page.pageInfo.endCursor
  }
  return found
}

/** Whether a notification is about a post, or about a comment on it. */
export function isAbout(notification: object, postId: string): boolean {
  const { post } = notification as { post?: { id: string } | null }
  return post?.id === postId
}
