import { requestFailed } from '../failures.ts'

/** The answer to an attempt at a password that comes too soon after others that were wrong. */
export function tooManyAttempts(waitSeconds: number) {
  return requestFailed(
    'RATE_LIMITED',
    `There were too many wrong attempts; try again in ${inWords(waitSeconds)}.`,
    waitSeconds,
  )
}

/** The answer to somebody who signs up where many others have just done so. */
export function tooManySignUps(waitSeconds: number) {
  const wait = inWords(waitSeconds)
  return requestFailed(
    'RATE_LIMITED',
    `Many have signed up from your network lately; try again in ${wait}.`,
    waitSeconds,
  )
}

function inWords(seconds: number): string {
  if (seconds < 120) return `${seconds} ${seconds === 1 ? 'second' : 'seconds'}`
  return `${Math.ceil(seconds / 60)} minutes`
}
