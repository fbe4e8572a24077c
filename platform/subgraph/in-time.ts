import { unavailable } from '../errors.ts'
import { timerDelay } from '../timer-delay.ts'

/** How long another service may take to answer, in milliseconds. Within one process there is no network timeout. */
export const ANSWER_MS = 5_000

/**
 * Waits for another service.
 *
 * @throws VisibleError `SERVICE_UNAVAILABLE` if it takes longer than `timeoutMs`
 */
export async function inTime<T>(work: Promise<T>, timeoutMs = ANSWER_MS): Promise<T> {
  const late = Promise.withResolvers<never>()
  const refuse = () => late.reject(unavailable('A required service does not answer. Try again in a moment.'))
  const timer = setTimeout(refuse, timerDelay(timeoutMs))
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
