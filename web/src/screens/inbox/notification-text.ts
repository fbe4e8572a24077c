import type { TemplateResult } from 'lit'
import { addressOf, PLACES, type Route } from '../../app/routes.ts'
import type { Pictured } from '../../components/avatar.ts'
import type { LiveNotification } from '../../data/live.ts'
import { type AvatarId, isKnown, type UploadNotice, uploadNotice } from '../../data/own-uploads.ts'
import { icons } from '../../design/icons.ts'
import { moreIcons } from '../../design/more-icons.ts'
import { explainFailure } from '../../uploads/explain-failure.ts'
import { failureOf } from '../../uploads/upload-failure.ts'
import { fileName } from './file-name.ts'
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
  /** The first picture of a new post, or that of a file. */
  picture: Picture | null
}

type Picture = { url: string; expiresAt: string; altText: string | null; dominantColor: string | null }

type Parts = Partial<NotificationRow> & Pick<NotificationRow, 'icon' | 'text'>

/** Describes a notification. What no longer exists for the viewer has no address. */
export function describeNotification(
  notification: LiveNotification,
  avatarId: AvatarId = null,
): NotificationRow {
  return { who: null, quote: null, address: null, picture: null, ...partsOf(notification, avatarId) }
}

function partsOf(notification: LiveNotification, avatarId: AvatarId): Parts {
  const { accepted, commented, commentLiked, liked, mentioned, posted, rejected, replied } = words()
  switch (notification.__typename) {
    case 'FriendRequestReceived':
      return { ...by(notification.from), icon: icons.people, text: requestText(notification.from) }
    case 'FriendRequestAccepted':
      return { ...by(notification.by), icon: icons.check, text: accepted }
    case 'PostPublished': {
      const { post } = notification
      const [first] = post?.media ?? []
      const icon = first ? iconOf(first.kind) : moreIcons.edit
      return { ...about(post), icon, text: posted, picture: pictureOf(post) }
    }
    case 'MentionedInPost': {
      const post = about(notification.post)
      return { ...post, icon: moreIcons.at, text: leadTo(post.quote, mentioned) }
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
        text: leadTo(comment?.text, commentLiked),
        quote: comment?.text ?? null,
        address: toComments(post),
      }
    }
    case 'PostCommented':
    case 'CommentReplied': {
      const { post, comment } = notification
      return {
        who: comment?.author ?? null,
        icon: icons.comment,
        text: leadTo(comment?.text, notification.__typename === 'CommentReplied' ? replied : commented),
        quote: comment?.text ?? null,
        address: toComments(post),
      }
    }
    case 'MediaStored':
    case 'MediaReady':
      return { ...file(notification.media), text: fileText(notification, avatarId) }
    case 'MediaRejected': {
      const failure = notification.uploadSession?.failure
      return {
        icon: moreIcons.close,
        text: rejected,
        quote: failure ? explainFailure(failureOf(failure)).text : null,
      }
    }
  }
}

/** A text that leads to what was written, or ends if that is not known. */
function leadTo(quote: string | null | undefined, text: string): string {
  const { quoted, unquoted } = words()
  return quote ? quoted(text) : unquoted(text)
}

/**
 * Whether it is not known any more who has done something, because the post, the comment or the user is gone. The server
 * lists no such notification, but this device may have kept it.
 */
export function isActorGone(notification: LiveNotification): boolean {
  const isOwn = uploadNotice(notification) !== null || notification.__typename === 'MediaRejected'
  return !isOwn && describeNotification(notification).who === null
}

/** What a row shows about several files of the viewer. */
export function describeFiles(notices: readonly UploadNotice[], avatarId: AvatarId = null): NotificationRow {
  const media = notices.flatMap((notice) => notice.media ?? [])
  const { filesReady, filesToPost } = words()
  const text = notices.every((notice) => isKnown(notice, avatarId)) ? filesReady : filesToPost
  const pictured = media.map(file).find(({ picture }) => picture !== null)
  return {
    who: null,
    icon: moreIcons.storage,
    text: text(media.length),
    quote: media.map(fileName).join(' · '),
    address: to({ name: 'settings', part: 'storage' }),
    picture: pictured?.picture ?? null,
  }
}

function fileText(notice: UploadNotice, avatarId: AvatarId): string {
  const { ready, readyToPost, uploaded, uploadedToPost } = words()
  const isReady = notice.__typename === 'MediaReady'
  const text = isKnown(notice, avatarId)
    ? isReady
      ? ready
      : uploaded
    : isReady
      ? readyToPost
      : uploadedToPost
  return text(words()[`your${notice.media?.kind ?? 'IMAGE'}`])
}

/** A request that was answered is no question any more. */
function requestText(from: { relationship: string } | null): string {
  const { isFriend, requested, requestedOnce } = words()
  if (from?.relationship === 'FRIEND') return isFriend
  return from && from.relationship !== 'REQUEST_RECEIVED' ? requestedOnce : requested
}

type OwnMedia = Extract<LiveNotification, { __typename: 'MediaReady' }>['media']

/** A file of the viewer: which one it is, and the way to where the viewer has all of them. */
function file(media: OwnMedia): Pick<NotificationRow, 'icon' | 'quote' | 'address' | 'picture'> {
  if (!media) return { icon: moreIcons.film, quote: null, address: null, picture: null }
  const { access, altText, dominantColor, kind } = media
  const url = access?.imageUrl ?? access?.posterUrl
  return {
    icon: iconOf(kind),
    quote: fileName(media),
    address: to({ name: 'settings', part: 'storage' }),
    picture: access && url ? { url, expiresAt: access.expiresAt, altText, dominantColor } : null,
  }
}

const iconOf = (kind: NonNullable<OwnMedia>['kind']) =>
  kind === 'IMAGE' ? icons.image : moreIcons[kind === 'AUDIO' ? 'microphone' : 'film']

type WrittenPost = { id: string; text: string; contentWarning: string | null; author: Pictured | null }

/** A post of another user, which is what the notification is about. */
function about(post: WrittenPost | null): Pick<NotificationRow, 'who' | 'quote' | 'address'> {
  const quote = (post?.contentWarning ?? post?.text) || null
  return { who: post?.author ?? null, quote, address: toPost(post) }
}

type NewPost = Extract<LiveNotification, { __typename: 'PostPublished' }>['post']

// What a content warning covers is not shown here either.
function pictureOf(post: NewPost): Picture | null {
  const [first] = post?.contentWarning === null ? post.media : []
  const url = first?.access?.imageUrl
  if (!first?.access || !url) return null
  const { access, altText, dominantColor } = first
  return { url, expiresAt: access.expiresAt, altText, dominantColor }
}

function by(who: Pictured | null): Pick<NotificationRow, 'who' | 'address'> {
  return { who, address: who && to({ name: 'moblog', id: who.id }) }
}

const toPost = (post: { id: string } | null): string | null => post && to({ name: 'post', id: post.id })
const toComments = (post: { id: string } | null): string | null => post && toPost(post) + PLACES.comments
const to = (route: Route): string => addressOf(route)
