import { createPersistedQueries } from '../gateway/apollo-caches.ts'
import { createQueryExchange, createQueryReports } from './shared-queries.ts'
import type { ToWorker } from './worker-messages.ts'

/** Starts workers, which are connected to the primary process without delay. */
function createPrimary() {
  const addWorker = createQueryExchange()
  return () => {
    const orders: ToWorker[] = []
    const state = addWorker((message) => orders.push(message))
    const reports = createQueryReports((message) => state.receive(message))
    const queries = createPersistedQueries(reports.sharedQueries)
    const deliver = () => {
      for (const message of orders.splice(0)) reports.receive(message)
    }
    return { queries, deliver, sent: () => orders.length, die: state.forget }
  }
}

describe('a persisted query that is registered at one worker', () => {
  it('is known to all others, also to one that is started later', async () => {
    const start = createPrimary()
    const [one, other] = [start(), start()]
    await one.queries.set('hash', '{ viewer { id } }')
    other.deliver()
    expect(await other.queries.get('hash')).toBe('{ viewer { id } }')
    other.die()
    const replaced = start()
    replaced.deliver()
    expect(await replaced.queries.get('hash')).toBe('{ viewer { id } }')
  })

  it('is published once, and not back', async () => {
    const start = createPrimary()
    const [one, other] = [start(), start()]
    await one.queries.set('hash', '{ viewer { id } }')
    await one.queries.set('hash', '{ viewer { id } }')
    expect([one.sent(), other.sent()]).toEqual([0, 1])
    other.deliver()
    await other.queries.set('hash', '{ viewer { id } }')
    expect([one.sent(), other.sent()]).toEqual([0, 0])
  })

  it('is not published if it is too long to be kept', async () => {
    const start = createPrimary()
    const [one, other] = [start(), start()]
    await one.queries.set('hash', `{ viewer { id } } #${'x'.repeat(40_000)}`)
    expect(other.sent()).toBe(0)
  })
})
