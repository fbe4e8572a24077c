import type { Prisma, PrismaClient } from '../../../generated/prisma/communication/client.ts'
import type { Revocations } from '../access/revocations.ts'
import { endSessions } from './endings.ts'

/** A session that begins. */
export type NewSession = {
  id: string
  userId: string
  deviceName: string | null
  createdAt: Date
  expiresAt: Date
  refreshTokenHash: Uint8Array<ArrayBuffer>
}

/** A refresh token that is presented, and the one that is to follow it. */
export type Rotation = {
  presented: Uint8Array<ArrayBuffer>
  next: Uint8Array<ArrayBuffer>
  now: Date
  accessSeconds: number
  revocations: Revocations
  /** When the session ends unless it is refreshed again. */
  expiresAt: Date
  /** Tokens that were replaced before are forgotten. */
  forgetBefore: Date
}

/** What became of a refresh token; `unknown`, `reused` and `expired` are no session. */
export type Rotated = { sessionId: string; userId: string } | 'unknown' | 'reused' | 'expired'

/** Begins a session with its first refresh token. */
export async function insertSession(db: PrismaClient, session: NewSession): Promise<void> {
  const { refreshTokenHash, ...row } = session
  await db.session.create({
    data: { ...row, lastUsedAt: row.createdAt, refreshTokens: { create: { hash: refreshTokenHash } } },
    select: { id: true },
  })
}

/**
 * Replaces a session's refresh token, in one transaction that holds the session's row: of two requests with the same
 * token, the second finds it replaced. A token that was replaced already ends its session (RFC 9700 §4.14.2), since
 * one of the two who have it stole it.
 */
export function rotateRefreshToken(db: PrismaClient, rotation: Rotation): Promise<Rotated> {
  const { presented, next, now, expiresAt, forgetBefore } = rotation
  return db.$transaction(async (tx) => {
    const session = await lockSessionOf(tx, presented)
    if (!session) return 'unknown'
    // Read only now that the lock is held: whoever held it before may have replaced the token.
    const token = await tx.refreshToken.findUnique({ where: { hash: presented } })
    if (!token) return 'unknown'
    if (token.replacedAt) {
      await endSessions(tx, { userId: session.user_id, only: session.id }, rotation)
      return 'reused'
    }
    if (session.expires_at <= now) {
      await tx.session.delete({ where: { id: session.id }, select: { id: true } })
      return 'expired'
    }
    await tx.refreshToken.update({ where: { hash: presented }, data: { replacedAt: now } })
    await tx.refreshToken.create({ data: { hash: next, sessionId: session.id } })
    await tx.refreshToken.deleteMany({ where: { sessionId: session.id, replacedAt: { lt: forgetBefore } } })
    await tx.session.update({ where: { id: session.id }, data: { lastUsedAt: now, expiresAt } })
    return { sessionId: session.id, userId: session.user_id }
  })
}

async function lockSessionOf(tx: Prisma.TransactionClient, tokenHash: Uint8Array<ArrayBuffer>) {
  const [session] = await tx.$queryRaw<{ id: string; user_id: string; expires_at: Date }[]>`
    SELECT id, user_id, expires_at FROM sessions
    WHERE id = (SELECT session_id FROM refresh_tokens WHERE hash = ${tokenHash})
    FOR UPDATE`
  return session
}
