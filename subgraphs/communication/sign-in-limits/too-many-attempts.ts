import { requestFailed } from '../failures.ts'

/** The failure for a password attempt that comes too soon after wrong ones. */
export function tooManyAttempts(waitSeconds: number) {
  return requestFailed(
    'RATE_LIMITED',
    `There were too many wrong attempts. Try again in ${inWords(waitSeconds)}.`,
    waitSeconds,
  )
}

/** The failure for a sign-up from a network with many recent sign-ups. */
export function tooManySignUps(waitSeconds: number) {
  const wait = inWords(waitSeconds)
  return requestFailed(
    'RATE_LIMITED',
    `There were too many sign-ups from your network. Try again in ${wait}.`,
    waitSeconds,
  )
}

function inWords(seconds: number): string {
  if (seconds < 120) return `${seconds} ${seconds === 1 ? 'second' : 'seconds'}`
  return `${Math.ceil(seconds / 60)} minutes`
}
