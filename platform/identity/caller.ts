/** The user on whose behalf the gateway sends a request. `userId` is null if the viewer is signed out. */
export type Viewer = {
  kind: 'viewer'
  userId: string | null
  sessionId: string | null
  /** The network address from which the request came, for limiting the attempts from one address. */
  address?: string
}

/** Another service that calls on its own behalf. */
export type ServiceCaller = { kind: 'service'; service: string }

/** Who sends a request. Subgraphs refuse every request that does not prove one of the two. */
export type Caller = Viewer | ServiceCaller

/** The signed-out viewer. */
export const ANONYMOUS: Viewer = Object.freeze({ kind: 'viewer', userId: null, sessionId: null })
