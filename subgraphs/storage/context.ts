import type { Viewer } from '../../platform/identity/caller.ts'
import type { ViewerContext } from '../../platform/subgraph/guard.ts'

/** The context that the public resolvers share. Modules keep their DataLoaders per context. */
export type Context = ViewerContext & {
  /** The viewer; null when signed out. */
  viewerId: string | null
}

/** Creates the context of a viewer's requests. */
export function createContext(caller: Viewer): Context {
  return { caller, viewerId: caller.userId }
}
