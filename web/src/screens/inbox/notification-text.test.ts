import type { LiveNotification } from '../../data/live.ts'
import { icons } from '../../design/icons.ts'
import { words } from './messages.ts'
import { describeNotification } from './notification-text.ts'

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
      icon: icons.film,
      quote: 'harbour.mp4',
      address: '#/settings/storage',
      picture: { url: '/v/5/poster', expiresAt: publishedAt, dominantColor: '#123456' },
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

describe('the notification of a mention', () => {
  it('says who has mentioned the viewer, shows the post, and leads to it', () => {
    expect(describeNotification(mention({ ...post, contentWarning: null }))).toEqual({
      who: author,
      icon: icons.at,
      text: words().mentioned,
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
