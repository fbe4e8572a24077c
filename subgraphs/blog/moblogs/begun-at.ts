/**
 * When a moblog began: when its owner's account was created. The owner's id is a UUIDv7, which contains that instant
 * (RFC 9562 §5.7). The first use is not taken, because it would reveal when something was posted that the viewer may
 * not see.
 */
export function begunAt(moblogId: string): Date {
  const digits = moblogId.replaceAll('-', '')
  return new Date(digits[12] === '7' ? Number.parseInt(digits.slice(0, 12), 16) : 0)
}
