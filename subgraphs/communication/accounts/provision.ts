import { randomInt } from 'node:crypto'
import type { ProvisionUserInput } from '../../../generated/graphql/internal/communication.ts'
import { newId } from '../../../platform/ids.ts'
import { readName } from '../../../platform/text/read-name.ts'
import { CLOCK_SKEW_SECONDS } from '../../../platform/tokens/strict-token.ts'
import { inTransaction, type RootDb } from '../database.ts'
import { handleKey } from '../people/handle.ts'
import { foldName } from '../search/fold.ts'
import { enterName } from '../search/fold-unfolded.ts'
import { insertAccount } from './account-store.ts'
import { findProviderAccount, linkProviderAccount } from './identity-provider-store.ts'

// Even if a provider gives all users the same name, the last suggestion is hardly ever taken.
const TRIES = 8

class SeenMeanwhile extends Error {}

/**
 * Returns the account of a user of the identity provider, and creates it when the user is first seen.
 *
 * @returns null if the account was deleted after the token was issued, allowing for clock skew
 * @throws Error if no free handle was found
 */
export async function provisionUser(
  db: RootDb,
  input: ProvisionUserInput,
  now: Date,
): Promise<string | null> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const known = await findProviderAccount(db, input)
    if (known?.userId) return known.userId
    if (known?.endedAt && isNoLaterThan(input.issuedAt, known.endedAt)) return null
    const userId = await tryToMake(db, input, attempt, now)
    if (userId !== null) return userId
  }
  throw new Error('no free handle found for a new user')
}

// The provider's clock may run ahead. An app that keeps using its old token must not recreate its user's account.
function isNoLaterThan(issuedAt: Date, endedAt: Date): boolean {
  return issuedAt.getTime() <= endedAt.getTime() + CLOCK_SKEW_SECONDS * 1000
}

/** Creates an account; returns null if the handle is taken, or another request has created the account. */
async function tryToMake(
  db: RootDb,
  input: ProvisionUserInput,
  attempt: number,
  now: Date,
): Promise<string | null> {
  const { preferredUsername, name } = input
  const handle = suggestHandle(preferredUsername ?? name ?? '', attempt)
  const shown = readName(name ?? '', 50)
  const account = {
    id: newId(),
    handle,
    handleKey: handle.toLowerCase(),
    displayName: 'text' in shown ? shown.text : handle,
    passwordHash: null,
    createdAt: now,
  }
  try {
    return await inTransaction(db, async (tx) => {
      if (!(await insertAccount(tx, account))) return null
      await enterName(tx, account)
      if (!(await linkProviderAccount(tx, input, account.id))) throw new SeenMeanwhile()
      return account.id
    })
  } catch (error) {
    if (error instanceof SeenMeanwhile) return null
    throw error
  }
}

/**
 * Suggests a handle that resembles the user's name at the identity provider. It gets random digits if the name makes no
 * valid handle, or if an earlier attempt found the handle taken.
 */
export function suggestHandle(called: string, attempt: number): string {
  const [beforeAt = ''] = called.slice(0, 200).split('@')
  const ascii = foldName(beforeAt.replace(/[._-]+/g, '_')).replace(/[^a-z0-9]+/g, '_')
  const base = ascii.replace(/^[^a-z]+|_+$/g, '').slice(0, 20)
  const digits = () => `${randomInt(10 ** 8)}`.padStart(8, '0')
  if (attempt === 0 && handleKey(base) !== null) return base
  return `${base.length >= 2 ? base : 'user'}_${digits()}`
}
