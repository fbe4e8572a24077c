import type { Clock } from '../../../platform/clock.ts'
import { newId } from '../../../platform/ids.ts'
import type { Keyring } from '../../../platform/tokens/keyring.ts'
import type { TokenRevocations } from '../access/token-revocations.ts'
import { inTransaction, type RootDb } from '../database.ts'
import { newRefreshToken, refreshTokenHash } from './refresh-token.ts'
import { endOldestSessions } from './session-revocations.ts'
import { insertSession, rotateRefreshToken } from './session-store.ts'

/** The `typ` of an access token. */
const SESSION_TYP = 'session+jwt'

// How long a replaced refresh token is remembered, so its reuse can be distinguished from an invented token.
const REMEMBER_REPLACED_MS = 30 * 24 * 60 * 60 * 1000

// How long a client may take to notice that an answer was lost and to ask again.
const REPEATABLE_MS = 30_000

/** The tokens of a session, as sent to its device. */
export type TokenPair = { userId: string; accessToken: string; refreshToken: string; expiresAt: Date }

/** Dependencies and settings for creating sessions. */
export type SessionMaker = {
  db: RootDb
  keyring: Keyring
  clock: Clock
  /** Revokes the page and media tokens of a session when the session ends. */
  revocations: TokenRevocations
  /** The lifetime of an access token. */
  accessSeconds: number
  /** How long a session lasts if it is not refreshed. */
  idleSeconds: number
}

// More devices than anyone has. A program that signs in at each start leaves sessions behind.
const MAX_SESSIONS = 100

/**
 * Starts a session of a user on a device. If the user has more than 100, the one that was used longest ago ends.
 *
 * @returns null if the user does not exist
 */
export async function beginSession(
  maker: SessionMaker,
  userId: string,
  deviceName: string | null,
): Promise<TokenPair | null> {
  const now = maker.clock()
  const id = newId()
  const refreshToken = newRefreshToken()
  const session = {
    id,
    userId,
    deviceName,
    createdAt: now,
    expiresAt: later(now, maker.idleSeconds),
    refreshTokenHash: refreshTokenHash(refreshToken),
  }
  const hasBegun = await inTransaction(maker.db, async (tx) => {
    if (!(await insertSession(tx, session))) return false
    await endOldestSessions(tx, { userId, most: MAX_SESSIONS }, { now, ...maker })
    return true
  })
  if (!hasBegun) return null
  return { userId, refreshToken, ...(await signAccessToken(maker, userId, id, now)) }
}

/**
 * Continues the session that a refresh token belongs to.
 *
 * A client whose answer was lost may repeat its request within 30 seconds and gets the same tokens again. Otherwise,
 * using a token a second time ends the session.
 *
 * @returns null if the token is unknown or was used before, or if the session has ended
 */
export async function continueSession(maker: SessionMaker, presented: string): Promise<TokenPair | null> {
  const now = maker.clock()
  const rotated = await rotateRefreshToken(maker.db, {
    presented,
    now,
    repeatableMs: REPEATABLE_MS,
    accessSeconds: maker.accessSeconds,
    revocations: maker.revocations,
    expiresAt: later(now, maker.idleSeconds),
    forgetBefore: new Date(now.getTime() - REMEMBER_REPLACED_MS),
  })
  if (typeof rotated === 'string') return null
  const { userId, sessionId, refreshToken, rotatedAt } = rotated
  return { userId, refreshToken, ...(await signAccessToken(maker, userId, sessionId, rotatedAt)) }
}

async function signAccessToken(maker: SessionMaker, userId: string, sessionId: string, now: Date) {
  const iat = Math.floor(now.getTime() / 1000)
  const expiresAt = tokenEnd(now, maker.accessSeconds)
  const exp = expiresAt.getTime() / 1000
  const claims = { aud: 'gateway', sub: userId, sid: sessionId, iat, exp }
  return { accessToken: await maker.keyring.sign(claims, SESSION_TYP), expiresAt }
}

/** Returns when an access token expires that was issued at an instant. Tokens contain whole seconds. */
export function tokenEnd(issuedAt: Date, accessSeconds: number): Date {
  return new Date((Math.floor(issuedAt.getTime() / 1000) + accessSeconds) * 1000)
}

function later(instant: Date, seconds: number): Date {
  return new Date(instant.getTime() + seconds * 1000)
}
