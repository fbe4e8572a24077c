/**
 * When a moblog was begun: with its owner's account, whose id is a UUIDv7 and holds the instant (RFC 9562 §5.7). The
 * first use would tell when something was posted that the viewer may not know of.
 */
export function begunAt(moblogId: string): Date {
  const digits = moblogId.replaceAll('-', '')
  return new Date(digits[12] === '7' ? Number.parseInt(digits.slice(0, 12), 16) : 0)
}
