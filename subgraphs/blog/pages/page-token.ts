import { z } from 'zod'
import type { Verifier } from '../../../platform/tokens/verifier.ts'

/** A moblog's page for a specific viewer. */
export type PageView = {
  moblogId: string
  /** Null if the viewer is signed out. */
  viewerId: string | null
  /** The viewer's session, or null if there is none. Access to what the page shows ends with the session. */
  sessionId: string | null
}

/** The right to see a moblog's page as a specific viewer (docs/method.md, B4). */
export type PageToken = PageView & { issuedAt: Date }

const claims = z.object({
  moblog: z.uuid(),
  sub: z.uuid().optional(),
  sid: z.uuid().optional(),
  iat: z.number(),
})

/** Reads a page token that `communication` signed; null for every invalid token, for any reason. */
export async function readPageToken(verifier: Verifier, token: string): Promise<PageToken | null> {
  try {
    const expected = { issuer: 'communication', audience: 'blog', typ: 'page+jwt' }
    const { moblog, sub, sid, iat } = claims.parse(await verifier.verify(token, expected))
    const issuedAt = new Date(Math.round(iat * 1000))
    return { moblogId: moblog, viewerId: sub ?? null, sessionId: sid ?? null, issuedAt }
  } catch {
    return null
  }
}
