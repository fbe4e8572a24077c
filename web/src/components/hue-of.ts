const HUES = [14, 42, 96, 158, 196, 222, 262, 318]

/** Chooses the hue of the initials of a user, in degrees. It stays the same. */
export function hueOf(id: string): number {
  let sum = 0
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973
  return HUES[sum % HUES.length] ?? 14
}
