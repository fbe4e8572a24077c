import type { Cache } from '@urql/exchange-graphcache'
import { memoryStorage } from '../../test/memory-storage.ts'
import { optimistic } from './expected-results.ts'
import { serverNow, writeSession } from './session-store.ts'

test('a post that waits expires by the time of the server, as it will', () => {
  globalThis.localStorage = memoryStorage()
  const [tokens, lifetimeSeconds] = [{ accessToken: '', refreshToken: '', expiresAt: '' }, 3_600]
  // The clock of this device is two hours behind.
  writeSession({ userId: 'ann', handle: 'ann', displayName: 'Ann', ...tokens, clockAheadMs: -7_200_000 })
  const cache = { readFragment: () => null, resolve: () => null } as unknown as Cache
  const input = { text: 'Hello', clientMutationId: 'one', lifetimeSeconds }
  const result = optimistic.publishPost?.({ input }, cache, {} as never)
  const { post } = result as unknown as { post: { expiresAt: string } }
  const left = Date.parse(post.expiresAt) - serverNow()
  expect(Math.round(left / 1_000)).toBe(lifetimeSeconds)
})
