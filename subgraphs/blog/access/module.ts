import type { Module } from '../../../platform/module.ts'
import { perRequest } from '../../../platform/subgraph/per-request.ts'
import type { Context } from '../context.ts'
import type { Resources } from '../resources.ts'
import { askCommunication, type Communication } from './communication.ts'
import { createRelationshipLoaders, type RelationshipsOf } from './relationship-loader.ts'

/** The dependencies of this module. */
export type AccessDeps = Pick<Resources, 'peer'> & {
  /** How long to wait for an answer of `communication`, in milliseconds; the default of the platform if undefined. */
  communicationTimeoutMs: number | undefined
}

/** What other modules use of this one. */
export type AccessModule = Module & {
  communication: Communication
  relationships: RelationshipsOf
  /** The users who do not exist for the viewer of a request, for any reason. */
  hiddenUserIds(context: Context): Promise<readonly string[]>
  /** The users whom the viewer of a request has muted. */
  mutedUserIds(context: Context): Promise<ReadonlySet<string>>
}

/** Who may see what. `communication` knows the relationships. */
export function accessModule({ peer, communicationTimeoutMs }: AccessDeps): AccessModule {
  const communication = askCommunication(peer('communication'), communicationTimeoutMs)
  return {
    communication,
    relationships: createRelationshipLoaders(communication),
    hiddenUserIds: perRequest(({ viewerId }: Context): Promise<readonly string[]> => {
      return viewerId === null ? Promise.resolve([]) : communication.hiddenUserIdsOf(viewerId)
    }),
    mutedUserIds: perRequest(async ({ viewerId }: Context): Promise<ReadonlySet<string>> => {
      return new Set(viewerId === null ? [] : await communication.mutedUserIdsOf(viewerId))
    }),
  }
}
