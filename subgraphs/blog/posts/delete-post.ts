import { deletePublishedPost, findUnsettledPost } from './post-writes.ts'
import { reportAudience, type SettlementDependencies } from './settlement.ts'

/**
 * Deletes a post of its author. The post disappears at once. Access to its media is closed before this returns or, if
 * `communication` does not answer, as soon as it does.
 *
 * @returns false if the author has no such post
 */
export async function deletePost(
  dependencies: SettlementDependencies,
  authorId: string,
  postId: string,
): Promise<boolean> {
  if (!(await deletePublishedPost(dependencies, postId, authorId, dependencies.clock()))) return false
  const post = await findUnsettledPost(dependencies.prisma, postId)
  if (!post) return true
  // Settlement would report it too; reporting at once is only sooner.
  await reportAudience(dependencies, post).catch(() => {})
  return true
}
