/** Someone on whose behalf the gateway asks; `userId` is null when signed out. */
export type Viewer = {
  kind: 'viewer'
  userId: string | null
  sessionId: string | null
  /** The network address that the request came from, for limiting what may be tried from one. */
  address?: string
}

/** Another service that asks on its own behalf. */
export type ServiceCaller = { kind: 'service'; service: string }

/** Who is asking. Subgraphs refuse every request that does not prove one of the two. */
export type Caller = Viewer | ServiceCaller

/** The viewer who is signed out. */
export const ANONYMOUS: Viewer = Object.freeze({ kind: 'viewer', userId: null, sessionId: null })
