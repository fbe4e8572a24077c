import { generateKey, keyFile, readKeys, replaceKeys, type StoredKey } from './key-file.ts'
import { CLOCK_SKEW_SECONDS, MAX_LIFETIME_SECONDS } from './strict-token.ts'

/**
 * How long after a rotation the new key begins to sign, in milliseconds. All verifiers have fetched it by then (see
 * `createVerifier`).
 */
export const LEAD_MS = 60_000

/** How long a key stays published after it has stopped signing, in milliseconds: longer than any token lives. */
export const KEEP_MS = (MAX_LIFETIME_SECONDS + CLOCK_SKEW_SECONDS) * 1000

/** The result of a rotation. */
export type Rotation = { kid: string; signsFrom: Date; kept: string[]; dropped: string[] }

/**
 * Gives a service a new signing key. Existing tokens stay valid, and running processes notice the new key without a
 * restart. The private parts of keys that no longer sign are erased.
 *
 * @param options.dropOld for a stolen key: removes all former keys and signs with the new key at once, so every token
 *   that the former keys signed becomes invalid
 * @throws Error if the service has no keys yet
 */
export async function rotateKeys(
  directory: string,
  issuer: string,
  { now = Date.now(), leadMs = LEAD_MS, dropOld = false } = {},
): Promise<Rotation> {
  const file = keyFile(directory, issuer)
  const keys = await readKeys(file)
  if (!keys)
    throw new Error(
      `${issuer} has no keys yet in ${directory}. Start the service once, which creates the first key`,
    )
  const fresh = await generateKey(dropOld ? now : now + leadMs)
  const kept = dropOld ? [] : retained(keys, now)
  await replaceKeys(file, [fresh, ...kept])
  const keptIds = kept.map(({ kid }) => kid)
  return {
    kid: fresh.kid,
    signsFrom: new Date(fresh.signsFrom),
    kept: keptIds,
    dropped: keys.map(({ kid }) => kid).filter((kid) => !keptIds.includes(kid)),
  }
}

/** The keys to keep, newest first. A key stops signing when the next newer key begins. */
function retained(keys: readonly StoredKey[], now: number): StoredKey[] {
  return keys.flatMap((key, index) => {
    const next = keys[index - 1]
    const ceased = next !== undefined && next.signsFrom <= now ? next.signsFrom : null
    if (ceased === null) return [key]
    if (ceased < now - KEEP_MS) return []
    const { d: _erased, ...publicPart } = key
    return [publicPart]
  })
}
