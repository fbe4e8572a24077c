import { withoutInvisible } from '../../../platform/text/invisible-characters.ts'

const HANDLE = /^[A-Za-z][A-Za-z0-9_.]{2,29}$/

/** The rule for handles, in words for the user. */
export const HANDLE_RULE =
  'A handle must have 3 to 30 of the characters a-z, 0-9, "_" and ".", and begin with a letter.'

/**
 * Returns the lower-case form of a handle, which must be unique and by which the handle is found. Only ASCII is
 * accepted, so no handle can look like another one in a different script.
 *
 * @returns null if the text cannot be a handle
 */
export function handleKey(handle: string): string | null {
  return HANDLE.test(handle) ? handle.toLowerCase() : null
}

const LONGEST_TYPED = 200
const AROUND = /^[\p{White_Space}@]+|\p{White_Space}+$/gu

/**
 * Returns the key of a handle that was typed or pasted to name a user. Keyboards add spaces, other apps add invisible
 * characters and an "@", and some users type full-width letters. Compatibility forms are resolved (NFKC). As in
 * `handleKey`, letters of other scripts are not accepted.
 *
 * @returns null if the text cannot be a handle
 */
export function typedHandleKey(typed: string): string | null {
  if (typed.length > LONGEST_TYPED) return null
  return handleKey(withoutInvisible(typed.normalize('NFKC')).replace(AROUND, ''))
}
