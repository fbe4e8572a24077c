import type { Db } from '../database.ts'

/** A user as the identity provider identifies them. */
export type ProviderIdentity = { issuer: string; subject: string }

/** An account that belongs to the identity provider. */
export type ProviderAccount = {
  /** Null after the account was deleted. */
  userId: string | null
  /** When the account was last deleted; null if it never was. */
  endedAt: Date | null
}

/** Finds the account of a user of the identity provider; null if the user has never been seen. */
export function findProviderAccount(
  db: Db,
  { issuer, subject }: ProviderIdentity,
): Promise<ProviderAccount | null> {
  return db.identityProviderAccount.findUnique({
    where: { issuer_subject: { issuer, subject } },
    select: { userId: true, endedAt: true },
  })
}

/**
 * Links a new account to a user of the identity provider.
 *
 * @returns false if the user already has an account
 */
export async function linkProviderAccount(
  tx: Db,
  { issuer, subject }: ProviderIdentity,
  userId: string,
): Promise<boolean> {
  const linked = await tx.$executeRaw`
    INSERT INTO identity_provider_accounts AS known (issuer, subject, user_id) VALUES (${issuer}, ${subject}, ${userId}::uuid)
    ON CONFLICT (issuer, subject) DO UPDATE SET user_id = excluded.user_id, ended_at = NULL
    WHERE known.user_id IS NULL`
  return linked > 0
}

/** Ends the link of a deleted account, and records when. */
export async function unlinkProviderAccount(tx: Db, userId: string, endedAt: Date): Promise<void> {
  await tx.identityProviderAccount.updateMany({ where: { userId }, data: { userId: null, endedAt } })
}
