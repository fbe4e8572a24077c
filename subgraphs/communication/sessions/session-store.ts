import type { TokenRevocations } from '../access/token-revocations.ts'
import { type Db, inTransaction, type RootDb } from '../database.ts'
import { newSuccessorSalt, refreshTokenHash, successorOf } from './refresh-token.ts'
import { endSessions } from './session-revocations.ts'

/** A session to be created. */
export type NewSession = {
  id: string
  userId: string
  deviceName: string | null
  createdAt: Date
  expiresAt: Date
  refreshTokenHash: Uint8Array<ArrayBuffer>
}

/** A presented refresh token, and how to replace it. */
export type Rotation = {
  presented: string
  now: Date
  /** How many milliseconds after its replacement a token may be presented again, while its successor is unused. */
  repeatableMs: number
  accessSeconds: number
  revocations: TokenRevocations
  /** When the session ends unless it is refreshed again. */
  expiresAt: Date
  /** Tokens that were replaced before this instant are deleted. */
  forgetBefore: Date
}

/** The result for a refresh token. `unknown`, `reused` and `expired` mean that there is no session. */
export type Rotated =
  | { sessionId: string; userId: string; refreshToken: string; rotatedAt: Date }
  | 'unknown'
  | 'reused'
  | 'expired'

/** Inserts a session with its first refresh token. Returns false if the user does not exist. */
export async function insertSession(tx: Db, session: NewSession): Promise<boolean> {
  const { refreshTokenHash, ...row } = session
  // Locked, because the account may be deleted at the same time.
  const users = await tx.$queryRaw<unknown[]>`SELECT FROM users WHERE id = ${row.userId}::uuid FOR KEY SHARE`
  if (users.length === 0) return false
  await tx.session.create({
    data: { ...row, lastUsedAt: row.createdAt, refreshTokens: { create: { hash: refreshTokenHash } } },
    select: { id: true },
  })
  return true
}

/**
 * Replaces a session's refresh token in one transaction that locks the session's row. Of two requests with the same
 * token, the second finds it replaced and gets the same successor. A request that is repeated because its answer was
 * lost gets it too.
 *
 * After `repeatableMs`, or once the successor was used, a replaced token ends its session (RFC 9700 §4.14.2), because two
 * devices have it, and one of them has stolen it.
 */
export function rotateRefreshToken(db: RootDb, rotation: Rotation): Promise<Rotated> {
  const { presented, now, repeatableMs, expiresAt, forgetBefore } = rotation
  const hash = refreshTokenHash(presented)
  return inTransaction(db, async (tx) => {
    const session = await lockSessionOf(tx, hash)
    if (!session) return 'unknown'
    // Read only after the lock is held: another request may have replaced the token meanwhile.
    const token = await tx.refreshToken.findUnique({ where: { hash } })
    if (!token) return 'unknown'
    const ids = { sessionId: session.id, userId: session.user_id }
    const { replacedAt, successorSalt } = token
    if (replacedAt && successorSalt && now.getTime() - replacedAt.getTime() <= repeatableMs) {
      return { ...ids, refreshToken: successorOf(presented, successorSalt), rotatedAt: replacedAt }
    }
    if (replacedAt) {
      await endSessions(tx, { userId: session.user_id, only: session.id }, rotation)
      return 'reused'
    }
    if (session.expires_at <= now) {
      await tx.session.delete({ where: { id: session.id }, select: { id: true } })
      return 'expired'
    }
    const salt = newSuccessorSalt()
    const refreshToken = successorOf(presented, salt)
    // The successors of tokens that were replaced earlier are in use now, so those tokens cannot be presented again.
    await tx.refreshToken.updateMany({
      where: { sessionId: session.id, successorSalt: { not: null } },
      data: { successorSalt: null },
    })
    await tx.refreshToken.update({ where: { hash }, data: { replacedAt: now, successorSalt: salt } })
    await tx.refreshToken.create({ data: { hash: refreshTokenHash(refreshToken), sessionId: session.id } })
    await tx.refreshToken.deleteMany({ where: { sessionId: session.id, replacedAt: { lt: forgetBefore } } })
    await tx.session.update({ where: { id: session.id }, data: { lastUsedAt: now, expiresAt } })
    return { ...ids, refreshToken, rotatedAt: now }
  })
}

async function lockSessionOf(tx: Db, tokenHash: Uint8Array<ArrayBuffer>) {
  const [session] = await tx.$queryRaw<{ id: string; user_id: string; expires_at: Date }[]>`
    SELECT id, user_id, expires_at FROM sessions
    WHERE id = (SELECT session_id FROM refresh_tokens WHERE hash = ${tokenHash})
    FOR UPDATE`
  return session
}
