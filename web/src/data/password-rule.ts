// The API counts likewise (SignUpInput).
const SHORTEST_PASSWORD = 8
const LONGEST_PASSWORD = 256

/** Whether the API accepts the length of a new password. */
export function isPasswordAllowed(password: string): boolean {
  return [...password].length >= SHORTEST_PASSWORD && password.length <= LONGEST_PASSWORD
}
