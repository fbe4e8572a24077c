import { requestFailed } from '../failures.ts'

/** The answer to an attempt at a password that comes too soon after others that were wrong. */
export function tooManyAttempts(waitSeconds: number) {
  const wait =
    waitSeconds < 120
      ? `${waitSeconds} ${waitSeconds === 1 ? 'second' : 'seconds'}`
      : `${Math.ceil(waitSeconds / 60)} minutes`
  return requestFailed('RATE_LIMITED', `There were too many wrong attempts; try again in ${wait}.`)
}
