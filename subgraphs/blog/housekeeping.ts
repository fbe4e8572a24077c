import type { PrismaClient } from '../../generated/prisma/blog/client.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Log } from '../../platform/log.ts'
import { purgeDeletedComments } from './comments/comment-writes.ts'
import { purgeDeletedPosts } from './posts/post-writes.ts'
import { type Repeating, startRepeating } from './repeating.ts'

const EVERY_MS = 3_600_000
// Longer than a client goes on repeating a request.
const KEEP_DELETED_MS = 7 * 86_400_000

/** Removes, from now until it is stopped, what is left of posts and comments that were deleted long ago. */
export function startHousekeeping(
  { prisma, clock }: { prisma: PrismaClient; clock: Clock },
  log: Log,
): Repeating {
  const work = async () => {
    const before = new Date(clock().getTime() - KEEP_DELETED_MS)
    await purgeDeletedPosts(prisma, before)
    await purgeDeletedComments(prisma, before)
  }
  return startRepeating('removing what was deleted', work, { everyMs: EVERY_MS, log })
}
