import { jest } from '@jest/globals'
import { PublishPostDocument } from '../../../generated/graphql/web.ts'
import { eventually } from '../../../testing/eventually.ts'
import { memoryIndexedDb } from '../../test/memory-database.ts'
import { memoryStorage } from '../../test/memory-storage.ts'
import { openClient } from '../data/client.ts'
import { pendingId } from '../data/expected-results.ts'
import { keepInOutbox, openOutbox, unsentPostsChanges } from '../data/outbox.ts'
import { writeSession } from '../data/session-store.ts'
import { emptyDraft } from './draft.ts'
import { missingIn } from './unsent-drafts.ts'

const page = Object.assign(new EventTarget(), { baseURI: 'https://moblog.test/', visibilityState: 'visible' })
let connect = () => {}
Object.assign(globalThis, memoryIndexedDb(), {
  document: page,
  localStorage: memoryStorage(),
  addEventListener: page.addEventListener.bind(page),
  removeEventListener() {},
})

describe('the posts that wait for the connection', () => {
  const { fetch: realFetch } = globalThis
  let answer: () => Response = () => Response.error()
  const refuse = () =>
    Response.json({ data: { publishPost: { __typename: 'RequestFailed', code: 'TEAPOT', message: '' } } })
  const outbox = () => ({
    ...openOutbox('mei'),
    // A channel to other windows would keep the test from ending.
    onWithdrawn() {},
    onOnline(listener: () => void) {
      connect = listener
    },
  })
  const texts = (listed: { id: string }[] | null) => missingIn(listed).map(({ text }) => text)

  beforeAll(() => {
    jest.spyOn(console, 'warn').mockImplementation(() => {})
    writeSession({
      userId: 'mei',
      handle: 'mei',
      displayName: 'Mei',
      accessToken: 'token',
      refreshToken: 'refresh',
      expiresAt: new Date(Date.now() + 600_000).toISOString(),
    })
    globalThis.fetch = async () => answer()
  })
  afterAll(() => {
    globalThis.fetch = realFetch
    jest.restoreAllMocks()
  })

  it('are those that a list does not show, until the server has answered', async () => {
    answer = () => {
      throw new TypeError('Failed to fetch')
    }
    openClient('mei', outbox(), () => {})
    const draft = { ...emptyDraft('1'), text: 'In the cellar' }
    const input = { text: draft.text, clientMutationId: draft.clientMutationId }
    const { answer: answered } = await keepInOutbox(PublishPostDocument, { input }, draft)
    // What has no draft is no post.
    await keepInOutbox(PublishPostDocument, { input: { ...input, clientMutationId: '2' } })
    expect(texts(null)).toEqual(['In the cellar'])
    expect(texts([{ id: pendingId('0') }])).toEqual(['In the cellar'])
    expect(texts([{ id: pendingId('1') }])).toEqual([])

    const change = new Promise((resolve) => {
      unsentPostsChanges.addEventListener('change', resolve, { once: true })
    })
    answer = refuse
    connect()
    await Promise.all([answered, change])
    await eventually(() => texts(null).length === 0)
  })

  it('are not those of another user who was signed in before', async () => {
    answer = () => {
      throw new TypeError('Failed to fetch')
    }
    const draft = { ...emptyDraft('3'), text: 'Of Mei' }
    const input = { text: draft.text, clientMutationId: '3' }
    const { answer: answered } = await keepInOutbox(PublishPostDocument, { input }, draft)
    expect(texts(null)).toEqual(['Of Mei'])
    openOutbox('jun')
    expect(texts(null)).toEqual([])
    answer = refuse
    connect()
    await answered
  })
})
