import { withoutInvisible } from '../../../platform/text/invisible-characters.ts'

const HANDLE = /^[A-Za-z][A-Za-z0-9_.]{2,29}$/

/** What the rule for handles is, in words. */
export const HANDLE_RULE = 'A handle is 3 to 30 letters a-z, digits, "_" and ".", and begins with a letter.'

/**
 * The form of a handle that makes it unique and that it is found by: lower case. ASCII alone is taken, so that no
 * handle can look like another in a different script.
 *
 * @returns null for what can't be a handle
 */
export function handleKey(handle: string): string | null {
  return HANDLE.test(handle) ? handle.toLowerCase() : null
}

const LONGEST_TYPED = 200
const AROUND = /^[\p{White_Space}@]+|\p{White_Space}+$/gu

/**
 * The key of a handle that someone typed or pasted to say whom they mean: keyboards add spaces, other apps invisible
 * characters and an "@", and some write full-width letters. Compatibility forms are resolved (NFKC), as in `handleKey`
 * letters of other scripts are not.
 *
 * @returns null for what can't be a handle
 */
export function typedHandleKey(typed: string): string | null {
  if (typed.length > LONGEST_TYPED) return null
  return handleKey(withoutInvisible(typed.normalize('NFKC')).replace(AROUND, ''))
}
