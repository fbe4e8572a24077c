import { jest } from '@jest/globals'
import { Client, fetchExchange, gql, type OperationResult } from '@urql/core'
import { cacheExchange, type StorageAdapter } from '@urql/exchange-graphcache'
import { waitForKept } from './wait-for-kept.ts'

const KEPT = { 'Query.__typename': '"Query"', 'Query.greeting': '"hello"' }

/** The results of a query that is asked at once, without a connection, while the storage needs a while. */
async function resultsAtStart(readMs: number, longestMs: number): Promise<Pick<OperationResult, 'data'>[]> {
  let tellRead = () => {}
  const isRead = new Promise<void>((resolve) => {
    tellRead = resolve
  })
  const storage: StorageAdapter = {
    readData: () => new Promise((resolve) => setTimeout(() => resolve(KEPT), readMs)),
    writeData: async () => {},
    onCacheHydrated: tellRead,
  }
  const client = new Client({
    url: 'http://moblog.test/graphql',
    preferGetMethod: false,
    fetch: () => Promise.reject(new TypeError('there is no connection')),
    requestPolicy: 'cache-and-network',
    exchanges: [waitForKept(isRead, longestMs), cacheExchange({ storage }), fetchExchange],
  })
  const results: Pick<OperationResult, 'data'>[] = []
  const { unsubscribe } = client
    .query(gql`{ greeting }`, {})
    .subscribe(({ data }) => void results.push({ data }))
  await jest.advanceTimersByTimeAsync(10_000)
  unsubscribe()
  return results
}

describe('queries at the start', () => {
  beforeAll(() => void jest.useFakeTimers())
  afterAll(() => void jest.useRealTimers())

  it('wait until what is kept has been read, and show it without a connection', async () => {
    expect((await resultsAtStart(500, 3_000))[0]).toEqual({ data: { greeting: 'hello' } })
  })

  it('do not wait forever', async () => {
    expect(await resultsAtStart(60_000, 3_000)).toEqual([{ data: undefined }])
  })
})
