import type { LiveNotification } from '../../data/live.ts'
import type { UploadNotice } from '../../data/own-uploads.ts'
import { icons } from '../../design/icons.ts'
import { moreIcons } from '../../design/more-icons.ts'
import { chooseLanguage } from '../../i18n/language.ts'
import { rowsOf } from './inbox-rows.ts'
import { words } from './messages.ts'
import { describeFiles, describeNotification } from './notification-text.ts'

type Mention = Extract<LiveNotification, { __typename: 'MentionedInPost' }>

const author = {
  __typename: 'User' as const,
  id: '7',
  handle: 'mei',
  displayName: 'Mei',
  relationship: 'NONE' as const,
  isMuted: false,
  avatar: null,
}
const publishedAt = '2026-11-26T12:00:00Z'
const post = { __typename: 'Post' as const, id: '1', text: 'with @jun', expiresAt: null, publishedAt, author }

const mention = (given: Mention['post']): Mention => ({
  __typename: 'MentionedInPost',
  id: '3',
  position: '3',
  createdAt: publishedAt,
  readAt: null,
  post: given,
})

describe('the notification of a file', () => {
  const media = {
    __typename: 'Media' as const,
    id: '5',
    kind: 'VIDEO' as const,
    state: 'READY' as const,
    title: 'harbour.mp4',
    altText: null,
    dominantColor: '#123456',
    postCount: 0,
    access: {
      __typename: 'MediaAccess' as const,
      url: '/v/5',
      posterUrl: '/v/5/poster',
      imageUrl: null,
      expiresAt: publishedAt,
    },
  }
  const ready = (given: typeof media | null): LiveNotification => ({
    __typename: 'MediaReady',
    id: '4',
    position: '4',
    createdAt: publishedAt,
    readAt: null,
    media: given,
  })

  it('names it, shows its picture, and leads to the files of the viewer', () => {
    expect(describeNotification(ready(media))).toMatchObject({
      icon: moreIcons.film,
      quote: 'harbour.mp4',
      address: '#/settings/storage',
      picture: { url: '/v/5/poster', expiresAt: publishedAt, dominantColor: '#123456' },
    })
  })

  it('says that it can be posted, unless it was', () => {
    expect(describeNotification(ready(media)).text).toBe('Your video is ready to post.')
    expect(describeNotification(ready({ ...media, postCount: 1 })).text).toBe('Your video is ready.')
    expect(describeNotification(ready(media), media.id).text).toBe('Your video is ready.')
    const stored = { ...ready(media), __typename: 'MediaStored' } as LiveNotification
    expect(describeNotification(stored).text).toBe('Your video is uploaded. You can post it.')
  })

  it('calls a recording by its time', () => {
    const title = 'video-2026-03-01T08-30-00.webm'
    const { quote } = describeNotification(ready({ ...media, title }))
    expect(quote).toMatch(/^Video of .*2026/)
    expect(quote).not.toContain('webm')
  })

  it('counts and names several', () => {
    const notices = [media, { ...media, title: 'lake.mp4' }].map((each) => ready(each) as UploadNotice)
    expect(describeFiles(notices)).toMatchObject({
      text: '2 files are ready to post.',
      quote: 'harbour.mp4 · lake.mp4',
      address: '#/settings/storage',
      picture: { url: '/v/5/poster' },
    })
  })

  it('says of what kind it is if it has no name', () => {
    expect(describeNotification(ready({ ...media, title: '' })).quote).toBe(words().VIDEO)
  })

  it('leads nowhere when the file was deleted', () => {
    expect(describeNotification(ready(null))).toMatchObject({ quote: null, address: null, picture: null })
  })
})

describe('the notification of a file that cannot be used', () => {
  it.each(['UNSUPPORTED_MEDIA', 'CHECKSUM_MISMATCH'])('explains %s in the words of the client', (code) => {
    const message = 'The words of the server.'
    const { quote } = describeNotification({
      __typename: 'MediaRejected',
      id: '6',
      position: '6',
      createdAt: publishedAt,
      readAt: null,
      uploadSession: { __typename: 'UploadSession', id: '7', failure: { code, message } },
    } as LiveNotification)
    expect(quote).toMatch(/./)
    expect(quote).not.toContain(message)
  })
})

describe('the notification of a friend request', () => {
  it.each([
    ['REQUEST_RECEIVED', 'would like to be your friend.'],
    ['FRIEND', 'is your friend now.'],
    ['NONE', 'sent you a friend request.'],
  ] as const)('says what it is while the user is %s', (relationship, text) => {
    const request: LiveNotification = {
      __typename: 'FriendRequestReceived',
      id: '8',
      position: '8',
      createdAt: publishedAt,
      readAt: null,
      from: { ...author, relationship },
    }
    expect(describeNotification(request)).toMatchObject({ text, address: '#/moblog/7' })
  })
})

describe('the notification of a new post', () => {
  it.each([
    ['a text', [], moreIcons.edit],
    ['a photo', ['IMAGE'], icons.image],
    ['a film', ['VIDEO', 'IMAGE'], moreIcons.film],
    ['a sound', ['AUDIO'], moreIcons.microphone],
  ] as const)('has the sign of %s', (_what, kinds, icon) => {
    const media = kinds.map((kind) => ({
      __typename: 'Media' as const,
      id: kind,
      kind,
      altText: null,
      dominantColor: null,
      access: null,
    }))
    const published: LiveNotification = {
      __typename: 'PostPublished',
      id: '9',
      position: '9',
      createdAt: publishedAt,
      readAt: null,
      post: { ...post, contentWarning: null, media },
    }
    expect(describeNotification(published).icon).toBe(icon)
  })
})

describe('the notification of a mention', () => {
  it('says who has mentioned the viewer, shows the post, and leads to it', () => {
    expect(describeNotification(mention({ ...post, contentWarning: null }))).toEqual({
      who: author,
      icon: moreIcons.at,
      text: 'mentioned you in a post:',
      quote: 'with @jun',
      address: '#/post/1',
      picture: null,
    })
  })

  it('shows the content warning instead of the text', () => {
    expect(describeNotification(mention({ ...post, contentWarning: 'Spiders' })).quote).toBe('Spiders')
  })

  it('leads nowhere when the post no longer exists', () => {
    expect(describeNotification(mention(null))).toMatchObject({ who: null, quote: null, address: null })
  })
})

describe('a notification of which something is gone', () => {
  const given = { id: '10', position: '10', createdAt: publishedAt, readAt: null }
  const NOTHING = [
    { __typename: 'FriendRequestReceived', from: null },
    { __typename: 'FriendRequestAccepted', by: null },
    { __typename: 'PostPublished', post: null },
    { __typename: 'MentionedInPost', post: null },
    { __typename: 'PostLiked', post: null, by: null },
    { __typename: 'CommentLiked', post: null, comment: null, by: null },
    { __typename: 'PostCommented', post: null, comment: null },
    { __typename: 'CommentReplied', post: null, comment: null },
  ].map((each) => ({ ...given, ...each }) as LiveNotification)

  it.each(['en', 'zh-Hans'] as const)('does not end as if something was quoted, in %s', (tag) => {
    Object.assign(globalThis, { localStorage: { setItem() {} }, document: { documentElement: {} } })
    chooseLanguage(tag)
    const texts = NOTHING.map((each) => describeNotification(each).text)
    chooseLanguage('en')
    expect(texts.filter((text) => !/[.。]$/.test(text))).toEqual([])
  })

  it('is shown only if it is known who has done it', () => {
    const liked = { ...given, __typename: 'CommentLiked', post: null, comment: null, by: author }
    expect(describeNotification(liked as LiveNotification).text).toBe('likes your comment.')
    const own = [
      { __typename: 'MediaReady', media: null },
      { __typename: 'MediaRejected', uploadSession: null },
    ].map((each, index) => ({ ...given, id: `own ${index}`, ...each }) as LiveNotification)
    const rows = rowsOf([...NOTHING, { ...liked, id: 'liked' } as LiveNotification, ...own], null)
    expect(rows.map(({ id }) => id)).toEqual(['liked', 'own 0', 'own 1'])
  })
})
