import type { Cache } from '@urql/exchange-graphcache'
import { memoryStorage } from '../../test/memory-storage.ts'
import { optimistic } from './expected-results.ts'
import { serverNow, writeSession } from './session-store.ts'

const cache = { readFragment: () => null, resolve: () => null } as unknown as Cache

beforeEach(() => {
  globalThis.localStorage = memoryStorage()
  const tokens = { accessToken: '', refreshToken: '', expiresAt: '' }
  // The clock of this device is two hours behind.
  writeSession({ userId: 'ann', handle: 'ann', displayName: 'Ann', ...tokens, clockAheadMs: -7_200_000 })
})

test('a comment that waits was written now by the time of the server', () => {
  const input = { postId: '1', text: 'Hello', clientMutationId: 'one' }
  const result = optimistic.commentOnPost?.({ input }, cache, {} as never)
  const { comment } = result as unknown as { comment: { createdAt: string } }
  expect(Math.round((serverNow() - Date.parse(comment.createdAt)) / 1_000)).toBe(0)
})

test('a post that waits expires by the time of the server, as it will', () => {
  const lifetimeSeconds = 3_600
  const input = { text: 'Hello', clientMutationId: 'one', lifetimeSeconds }
  const result = optimistic.publishPost?.({ input }, cache, {} as never)
  const { post } = result as unknown as { post: { expiresAt: string } }
  const left = Date.parse(post.expiresAt) - serverNow()
  expect(Math.round(left / 1_000)).toBe(lifetimeSeconds)
})
