import { addressOf } from '../app/routes.ts'
import { isPending, pendingMutationId } from '../data/expected-results.ts'
import type { Post } from '../data/home-feed.ts'
import { deletePost } from '../data/own-posts.ts'
import { STEPS } from '../data/people.ts'
import { hidePost } from '../data/posts.ts'
import { icons } from '../design/icons.ts'
import { moreIcons } from '../design/more-icons.ts'
import { attempt } from './attempt.ts'
import { copyLink } from './copy-link.ts'
import { words as menuWords } from './menus/messages.ts'
import { words } from './messages.ts'
import { personChoices, takeChoice } from './person-steps.ts'
import { linkToPost } from './post-link.ts'
import { askUser, type Choice } from './sheet.ts'

export { showPeople } from './people-sheet.ts'

/** Shows the menu of a post, and does what the user chooses. */
export async function offerPostActions(post: Post): Promise<void> {
  const { author } = post
  if (isPending(post.id)) {
    const { stopSending } = await import('../composer/stop-post.ts')
    await stopSending(pendingMutationId(post.id))
    return
  }
  const key = await askUser({ name: words().moreActions, choices: choicesFor(post) })
  if (key === 'copy') await copyLink(linkToPost(post, document.baseURI))
  else if (key === 'edit') location.hash = addressOf({ name: 'edit', id: post.id })
  else if (key === 'delete') await confirmDeletion(post)
  else if (key === 'hide') await attempt(() => hidePost(post.id, !post.isHidden))
  else if (author) await takeChoice(key, author)
}

function choicesFor({ author, isHidden }: Post): Choice[] {
  const { copyLink: copy, deletePost: remove, editPost, hidePost: hide } = menuWords()
  const { unhidePost } = words()
  const link = { key: 'copy', label: copy, icon: moreIcons.share }
  if (author?.relationship === 'SELF') {
    return [
      link,
      { key: 'edit', label: editPost, icon: moreIcons.edit },
      { key: 'delete', label: remove, icon: moreIcons.trash, isDangerous: true },
    ]
  }
  return [
    link,
    { key: 'hide', label: isHidden ? unhidePost : hide, icon: isHidden ? icons.eye : icons.eyeOff },
    ...(author ? personChoices(STEPS[author.relationship], author) : []),
  ]
}

async function confirmDeletion({ id, media }: Post): Promise<void> {
  const { deletePost: remove, deletePostText, deletePostTitle } = menuWords()
  const answer = await askUser({
    title: deletePostTitle,
    name: deletePostTitle,
    text: deletePostText(media.length > 0),
    choices: [{ key: 'delete', label: remove, icon: moreIcons.trash, isDangerous: true }],
  })
  if (answer === 'delete') await attempt(() => deletePost(id))
}
