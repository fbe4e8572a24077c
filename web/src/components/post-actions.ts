import { addressOf } from '../app/routes.ts'
import type { Post } from '../data/home-feed.ts'
import { STEPS } from '../data/people.ts'
import { deletePost } from '../data/posts.ts'
import { icons } from '../design/icons.ts'
import { attempt } from './attempt.ts'
import { words } from './messages.ts'
import { offerSteps } from './person-steps.ts'
import { askUser, type Choice } from './sheet.ts'
import { toast } from './toast.ts'

/** Shows the menu of a post, and does what the user chooses. */
export async function offerPostActions(post: Post): Promise<void> {
  const { author } = post
  const { copied, copyLink, deletePost: remove, editPost, moreActions } = words()
  const choices: Choice[] = [{ key: 'copy', label: copyLink, icon: icons.share }]
  if (author?.relationship === 'SELF') {
    choices.push({ key: 'edit', label: editPost, icon: icons.edit })
    choices.push({ key: 'delete', label: remove, icon: icons.trash, isDangerous: true })
  } else if (author) {
    choices.push({ key: 'author', label: author.displayName, icon: icons.person })
  }
  const key = await askUser({ name: moreActions, choices })
  if (key === 'copy') {
    const link = new URL(addressOf({ name: 'post', id: post.id }), document.baseURI).href
    if (await attempt(() => navigator.clipboard.writeText(link))) toast(copied)
  }
  if (key === 'edit') location.hash = addressOf({ name: 'edit', id: post.id })
  if (key === 'delete') await confirmDeletion(post.id)
  if (key === 'author' && author) await offerSteps(STEPS[author.relationship], author)
}

async function confirmDeletion(postId: string): Promise<void> {
  const { deletePost: remove, deletePostText, deletePostTitle } = words()
  const answer = await askUser({
    title: deletePostTitle,
    name: deletePostTitle,
    text: deletePostText,
    choices: [{ key: 'delete', label: remove, icon: icons.trash, isDangerous: true }],
  })
  if (answer === 'delete') await attempt(() => deletePost(postId))
}
