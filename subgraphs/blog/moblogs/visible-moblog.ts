import { maySeeMoblog, type Standing } from '../access/standing.ts'

/** A moblog that the viewer may know of; its id is its owner's user id. */
export type VisibleMoblog = { __typename: 'Moblog'; id: string; standing: Standing }

/** The moblog of a user of this standing; null where the viewer may not know of it. */
export function visibleMoblog(id: string, standing: Standing): VisibleMoblog | null {
  return maySeeMoblog(standing) ? { __typename: 'Moblog', id, standing } : null
}
