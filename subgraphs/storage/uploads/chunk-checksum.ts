import { createHash, type Hash } from 'node:crypto'

/** The digests that a client may send with a chunk, for `Tus-Checksum-Algorithm`, and their lengths in bytes. */
const DIGEST_BYTES: Record<string, number> = { sha1: 20, sha256: 32, md5: 16 }

/** The value of the `Tus-Checksum-Algorithm` header. */
export const CHECKSUM_ALGORITHMS = Object.keys(DIGEST_BYTES).join(',')

/** The announced digest of a chunk. */
export type ChunkChecksum = { algorithm: string; digest: Buffer }

/**
 * Parses an `Upload-Checksum` header (tus 1.0, checksum extension): an algorithm and a Base64 digest.
 *
 * @returns null if there is no header, an error message if it cannot be parsed
 */
export function readChecksum(header: string | string[] | undefined): ChunkChecksum | string | null {
  if (header === undefined) return null
  const [, algorithm, text] = /^(\S+) ([A-Za-z0-9+/]+={0,2})$/.exec(String(header).trim()) ?? []
  if (!algorithm || !text) return 'Upload-Checksum must be an algorithm, a space and a digest in Base64.'
  const length = DIGEST_BYTES[algorithm]
  if (!length)
    return `Upload-Checksum names ${algorithm}, which is not supported. Use one of ${CHECKSUM_ALGORITHMS}.`
  const digest = Buffer.from(text, 'base64')
  if (digest.length !== length)
    return `The digest in Upload-Checksum has ${digest.length} bytes; ${algorithm} has ${length}.`
  return { algorithm, digest }
}

/** Hashes the bytes of a chunk; `matches` compares the result with the announced digest. */
export function checksumMeter({ algorithm, digest }: ChunkChecksum): { hash: Hash; matches(): boolean } {
  const hash = createHash(algorithm)
  return { hash, matches: () => hash.digest().equals(digest) }
}
