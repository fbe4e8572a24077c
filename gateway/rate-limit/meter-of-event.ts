import { setTimeout as sleep } from 'node:timers/promises'
import { VisibleError } from '../../platform/errors.ts'
import type { Viewer } from '../../platform/identity/caller.ts'
import type { OperationLimit, OperationMeter } from './operation-limit.ts'

/**
 * Counts an event of a subscription like an operation of its viewer, because a subscription that starts far back asks for
 * as much as many queries do. While nothing of the limit is left, the event waits. It is never refused, because no event
 * may be lost.
 *
 * @param ended ends the wait
 */
export async function meterOfEvent(
  limit: OperationLimit,
  viewer: Viewer,
  ended: AbortSignal,
): Promise<OperationMeter> {
  for (
    let seconds = waitFor(limit, viewer);
    seconds > 0 && !ended.aborted;
    seconds = waitFor(limit, viewer)
  ) {
    await sleep(seconds * 1_000, undefined, { signal: ended }).catch(() => {})
  }
  const meter = limit.begin(viewer)
  return { ...meter, reach: meter.count }
}

/** In seconds; 0 if the event can be resolved now. */
function waitFor(limit: OperationLimit, viewer: Viewer): number {
  try {
    limit.admit(viewer)
    return 0
  } catch (error) {
    if (error instanceof VisibleError) return Number(error.extensions.retryAfterSeconds)
    throw error
  }
}
