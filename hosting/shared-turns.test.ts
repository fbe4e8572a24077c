import { setImmediate as turn } from 'node:timers/promises'
import { createSharedTurns, createTurnRequests } from './shared-turns.ts'
import type { ToWorker } from './worker-messages.ts'

const QUEUE = { name: 'verification', atOnce: 2, ofEachOwner: 1 }

/** Two workers, which are connected to the primary process without delay. */
function connect() {
  const addWorker = createSharedTurns()
  return ['first', 'second'].map(() => {
    const orders: ((message: ToWorker) => void)[] = []
    const primary = addWorker((message) => {
      for (const receive of orders) receive(message)
    })
    const worker = createTurnRequests((message) => primary.receive(message))
    orders.push(worker.receive)
    return { takeTurn: worker.takeTurn, die: primary.forget }
  })
}

describe('the turns of several workers', () => {
  const events: string[] = []
  const ends = new Map<string, () => void>()
  const work = async (
    worker: ReturnType<typeof connect>[number] | undefined,
    name: string,
    owner: string,
  ) => {
    const end = await worker?.takeTurn(QUEUE, owner)
    events.push(name)
    if (end) ends.set(name, end)
  }
  const settle = async () => {
    for (let n = 0; n < 5; n++) await turn()
  }

  beforeEach(() => {
    events.length = 0
    ends.clear()
  })

  it('are limited in total and per owner, in whichever workers they are', async () => {
    const [one, other] = connect()
    void work(one, 'a1', 'ann')
    void work(other, 'a2', 'ann')
    void work(other, 'b1', 'bob')
    void work(one, 'c1', 'cid')
    await settle()
    expect(events).toEqual(['a1', 'b1'])
    ends.get('b1')?.()
    await settle()
    expect(events).toEqual(['a1', 'b1', 'c1'])
    ends.get('a1')?.()
    await settle()
    expect(events).toEqual(['a1', 'b1', 'c1', 'a2'])
  })

  it('are free again when their worker has ended', async () => {
    const [one, other] = connect()
    void work(one, 'a1', 'ann')
    void work(one, 'b1', 'bob')
    void work(one, 'a2', 'ann')
    void work(other, 'c1', 'cid')
    void work(other, 'a3', 'ann')
    await settle()
    expect(events).toEqual(['a1', 'b1'])
    one?.die()
    await settle()
    expect(events).toContain('c1')
    expect(events).toContain('a3')
  })
})
