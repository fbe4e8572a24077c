import type { RelationshipLoader } from '../access/relationship-loader.ts'
import { INVISIBLE } from '../access/viewer-relationship.ts'
import type { VisibleMoblog } from '../moblogs/visible-moblog.ts'

/** Creates the moblog of each row. The rows are already known to be visible. */
export async function nodesOf(
  rows: readonly { id: string }[],
  loader: RelationshipLoader,
): Promise<(row: { id: string }) => VisibleMoblog> {
  const relationships = new Map(
    await Promise.all(rows.map(async ({ id }) => [id, await loader.load(id)] as const)),
  )
  return ({ id }) => ({ __typename: 'Moblog', id, relationship: relationships.get(id) ?? INVISIBLE })
}
