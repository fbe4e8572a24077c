import { jest } from '@jest/globals'
import { Client, type Exchange, gql, makeErrorResult, type Operation } from '@urql/core'
import { filter, map, pipe } from 'wonka'
import { forgetLostMedia } from './lost-media.ts'

const NOW = Date.parse('2026-11-26T12:00:00Z')
const FEED = gql`{ feed { id } }`
const MOBLOG = gql`{ moblog { id } }`

const media = (id: string, access: object | null = { url: id }) => ({ __typename: 'Media', id, access })
const post = (mediaId: string, more: object = {}) => ({
  __typename: 'Post',
  id: mediaId,
  expiresAt: null,
  media: [media(mediaId)],
  ...more,
})

describe('the media that the viewer has lost', () => {
  let answer: unknown
  let kept: string[]
  let client: Client
  let page: EventTarget
  beforeEach(() => {
    jest.useFakeTimers({ now: NOW })
    kept = ['a', 'b', 'c', 'own']
    page = new EventTarget()
    const server: Exchange = () => (operations) =>
      pipe(
        operations,
        filter(({ kind }) => kind !== 'teardown'),
        map((operation: Operation) => ({
          ...makeErrorResult(operation, new Error()),
          error: undefined as never,
          data: answer,
        })),
      )
    const forget = (isLost: (id: string) => boolean) => {
      kept = kept.filter((id) => !isLost(id))
    }
    client = new Client({
      url: 'http://moblog.test/graphql',
      preferGetMethod: false,
      exchanges: [forgetLostMedia(forget, Date.now, page), server],
    })
  })
  afterEach(() => {
    jest.useRealTimers()
  })

  /** Shows a result until the returned function is called. */
  const show = (query: typeof FEED, data: unknown) => {
    answer = data
    return client.query(query, {}, { requestPolicy: 'network-only' }).subscribe(() => {}).unsubscribe
  }

  it('are those that a newer result of the same query does not have, also after its screen was left', () => {
    show(FEED, { feed: [post('a'), post('b')] })()
    show(FEED, { feed: [post('b')] })
    expect(kept).toEqual(['b', 'c', 'own'])
  })

  it('are not those that another screen shows', () => {
    show(MOBLOG, { moblog: [post('a')] })
    show(FEED, { feed: [post('a'), post('b')] })()
    show(FEED, { feed: [] })
    expect(kept).toEqual(['a', 'c', 'own'])
  })

  it('are those that the viewer may not play', () => {
    show(FEED, { media: media('a', null) })
    expect(kept).toEqual(['b', 'c', 'own'])
  })

  it('are those of posts that expire, also after their screen was left', () => {
    show(FEED, { feed: [post('a', { expiresAt: new Date(NOW + 10_000).toISOString() }), post('b')] })()
    jest.advanceTimersByTime(9_999)
    expect(kept).toEqual(['a', 'b', 'c', 'own'])
    jest.advanceTimersByTime(1)
    expect(kept).toEqual(['b', 'c', 'own'])
    expect(jest.getTimerCount()).toBe(0)
  })

  it('are those of posts that have expired while the device slept, as soon as the page is shown again', () => {
    show(FEED, { feed: [post('a', { expiresAt: new Date(NOW + 10_000).toISOString() }), post('b')] })()
    jest.setSystemTime(NOW + 10_000)
    page.dispatchEvent(new Event('visibilitychange'))
    expect(kept).toEqual(['b', 'c', 'own'])
  })

  it('are all that are not on the screen when a friendship has ended', () => {
    const user = (relationship: string) => ({ __typename: 'User', id: 'mei', relationship })
    show(FEED, { feed: [post('a', { author: user('FRIEND') })] })()
    show(MOBLOG, { owner: user('NONE'), posts: [post('own')] })
    expect(kept).toEqual(['own'])
  })

  it('stay unknown when an answer has no data', () => {
    show(FEED, { feed: [post('a')] })()
    show(FEED, null)
    expect(kept).toEqual(['a', 'b', 'c', 'own'])
  })
})
