import { channelsSeen, type ViewerRelationship } from './viewer-relationship.ts'

/** The columns of the channels in a list of asked moblogs, for `jsonb_to_recordset`. */
export const CHANNEL_COLUMNS =
  'moblog uuid, audiences audience[], only_lists uuid[], except_lists uuid[], all_lists boolean'

/** The values of these columns for a moblog. */
export function askedChannels(moblog: string, relationship: ViewerRelationship) {
  const { audiences, onlyLists, exceptLists, allLists } = channelsSeen(relationship)
  return { moblog, audiences, only_lists: onlyLists, except_lists: exceptLists, all_lists: allLists }
}

/** The SQL condition that a post has not expired. */
export function isLive(now: string): string {
  return `(expires_at IS NULL OR expires_at > ${now})`
}

/**
 * Returns a statement that reads the newest posts of the moblog `asked` from the index of each channel, and from no index
 * further than `limit` reaches. Together they contain the newest posts that the viewer may see.
 *
 * @param where SQL conditions on posts
 * @param from the SQL of the rows in which posts are looked for, named `post`
 */
export function newestInChannels(
  columns: string,
  { where, limit, from = 'post' }: { where: string; limit: string; from?: string },
): string {
  const newest = (channel: string) => `CROSS JOIN LATERAL (
      SELECT ${columns} FROM ${from} WHERE moblog_id = asked.moblog AND ${channel} AND ${where}
      ORDER BY published_at DESC, id DESC LIMIT ${limit}
    ) AS post`
  return `
    SELECT post.* FROM unnest(asked.audiences) AS seen (audience) ${newest('audience = seen.audience')}
    UNION ALL SELECT post.* FROM unnest(asked.only_lists) AS seen (list)
      ${newest("audience = 'ONLY_LIST' AND audience_list_id = seen.list")}
    UNION ALL SELECT post.* FROM unnest(asked.except_lists) AS seen (list)
      ${newest("audience = 'EXCEPT_LIST' AND audience_list_id = seen.list")}
    UNION ALL SELECT post.* FROM (SELECT WHERE asked.all_lists) AS seen ${newest('audience_list_id IS NOT NULL')}`
}
