import { isPasswordAllowed } from '../../data/password-rule.ts'
import type { Refusal } from '../../data/sign-in.ts'

// The rules of the API that a client can check (SignUpInput). Whether a handle is taken is known only there.
const HANDLE = /^[A-Za-z][A-Za-z0-9_.]{2,29}$/
const LONGEST_NAME = 50

type Input = { handle: string; displayName: string; password: string }

/** What the API would refuse of a new account. It names one problem at a time, and the user wants to know all of them. */
export function signUpProblems({ handle, displayName, password }: Input): Refusal[] {
  const nameLength = [...displayName].length
  const isRefused = {
    handle: !HANDLE.test(handle),
    displayName: nameLength === 0 || nameLength > LONGEST_NAME,
    password: !isPasswordAllowed(password),
  }
  return Object.entries(isRefused)
    .filter(([, refused]) => refused)
    .map(([field]) => ({ code: 'INVALID_INPUT', message: '', field }))
}
