import { deletePublishedPost, findUnsettledPost } from './post-writes.ts'
import { type SettlementDependencies, tellAudience } from './settlement.ts'

/**
 * Deletes a post of its author's. It is out of sight at once; its media are closed before this returns or, where
 * `communication` does not answer, as soon as it does. False where the author has no such post.
 */
export async function deletePost(
  dependencies: SettlementDependencies,
  authorId: string,
  postId: string,
): Promise<boolean> {
  if (!(await deletePublishedPost(dependencies, postId, authorId, dependencies.clock()))) return false
  const post = await findUnsettledPost(dependencies.prisma, postId)
  if (!post) return true
  // Settling would do it; telling at once only makes it sooner.
  await tellAudience(dependencies, post).catch(() => {})
  return true
}
