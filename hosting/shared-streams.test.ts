import { createStreamLimit } from '../gateway/subscriptions/stream-limit.ts'
import { createSharedStreams, createStreamReports } from './shared-streams.ts'
import type { ToWorker } from './worker-messages.ts'

/** Two workers, which are connected to the primary process without delay. */
function connect(most: number) {
  const addWorker = createSharedStreams(createStreamLimit(most))
  return ['first', 'second'].map(() => {
    const orders: ((message: ToWorker) => void)[] = []
    const primary = addWorker((message) => {
      for (const receive of orders) receive(message)
    })
    const worker = createStreamReports((message) => primary.receive(message))
    orders.push(worker.receive)
    return { limit: worker.limitStreams, die: primary.forget }
  })
}

describe('the limit of streams of several workers', () => {
  it('ends the oldest stream of a user, in whichever worker it is', () => {
    const [one, other] = connect(2)
    const ended: string[] = []
    one?.limit('ann', () => ended.push('one'))
    other?.limit('ann', () => ended.push('two'))
    other?.limit('bob', () => ended.push('of bob'))
    expect(ended).toEqual([])
    other?.limit('ann', () => ended.push('three'))
    expect(ended).toEqual(['one'])
    one?.limit('ann', () => ended.push('four'))
    expect(ended).toEqual(['one', 'two'])
  })

  it('does not count streams that are over, or whose worker has ended', () => {
    const [one, other] = connect(2)
    const ended: string[] = []
    const close = one?.limit('ann', () => ended.push('one'))
    one?.limit('ann', () => ended.push('two'))
    close?.()
    other?.limit('ann', () => ended.push('three'))
    expect(ended).toEqual([])
    one?.die()
    other?.limit('ann', () => ended.push('four'))
    expect(ended).toEqual([])
  })
})
