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
