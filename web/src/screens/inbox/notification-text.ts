import type { TemplateResult } from 'lit'
import { addressOf, type Route } from '../../app/routes.ts'
import type { Pictured } from '../../components/avatar.ts'
import type { LiveNotification } from '../../data/live.ts'
import { icons } from '../../design/icons.ts'
import { words } from './messages.ts'

/** What a row of the inbox shows. */
export type NotificationRow = {
  /** Who has done something; null if it is about the viewer's own media. */
  who: Pictured | null
  icon: () => TemplateResult
  text: string
  /** What was written. */
  quote: string | null
  address: string | null
  /** The first picture of a new post. */
  picture: Picture | null
}

type Picture = { url: string; altText: string | null; dominantColor: string | null }

type Parts = Partial<NotificationRow> & Pick<NotificationRow, 'icon' | 'text'>

/** Describes a notification. What no longer exists for the viewer has no address. */
export function describeNotification(notification: LiveNotification): NotificationRow {
  return { who: null, quote: null, address: null, picture: null, ...partsOf(notification) }
}

function partsOf(notification: LiveNotification): Parts {
  const { accepted, commented, commentLiked, liked, mentioned, posted, ready, rejected } = words()
  const { replied, requested, stored } = words()
  switch (notification.__typename) {
    case 'FriendRequestReceived':
      return { ...by(notification.from), icon: icons.people, text: requested }
    case 'FriendRequestAccepted':
      return { ...by(notification.by), icon: icons.check, text: accepted }
    case 'PostPublished':
    case 'MentionedInPost': {
      const { post } = notification
      const isMention = notification.__typename === 'MentionedInPost'
      return {
        who: post?.author ?? null,
        icon: isMention ? icons.comment : icons.image,
        text: isMention ? mentioned : posted,
        quote: (post?.contentWarning ?? post?.text) || null,
        address: toPost(post),
        picture: notification.__typename === 'MentionedInPost' ? null : pictureOf(notification.post),
      }
    }
    case 'PostLiked': {
      const { post, by: who } = notification
      return { who, icon: icons.heartOn, text: liked, quote: post?.text || null, address: toPost(post) }
    }
    case 'CommentLiked': {
      const { post, comment, by: who } = notification
      return {
        who,
        icon: icons.heartOn,
        text: commentLiked,
        quote: comment?.text ?? null,
        address: toPost(post),
      }
    }
    case 'PostCommented':
    case 'CommentReplied': {
      const { post, comment } = notification
      return {
        who: comment?.author ?? null,
        icon: icons.comment,
        text: notification.__typename === 'CommentReplied' ? replied : commented,
        quote: comment?.text ?? null,
        address: toPost(post),
      }
    }
    case 'MediaStored':
      return { icon: icons.storage, text: stored }
    case 'MediaReady':
      return { icon: icons.film, text: ready }
    case 'MediaRejected':
      return {
        icon: icons.close,
        text: rejected,
        quote: notification.uploadSession?.failure?.message ?? null,
      }
  }
}

type NewPost = Extract<LiveNotification, { __typename: 'PostPublished' }>['post']

// What a content warning covers is not shown here either.
function pictureOf(post: NewPost): Picture | null {
  const [first] = post?.contentWarning === null ? post.media : []
  const url = first?.access?.imageUrl
  return first && url ? { url, altText: first.altText, dominantColor: first.dominantColor } : null
}

function by(who: Pictured | null): Pick<NotificationRow, 'who' | 'address'> {
  return { who, address: who && to({ name: 'moblog', id: who.id }) }
}

const toPost = (post: { id: string } | null): string | null => post && to({ name: 'post', id: post.id })
const to = (route: Route): string => addressOf(route)
