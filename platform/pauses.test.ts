import { setTimeout as sleep } from 'node:timers/promises'
import { looksDuring } from '../testing/looks-during.ts'
import { beginRequest, nextTurn, pauses } from './pauses.ts'

function work(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end; );
}

describe('pieces of work that wait for their turn', () => {
  it('let the process look for requests between any two of them, however many wait', async () => {
    const piece = async () => {
      await nextTurn()
      work(15)
    }
    const looks = await looksDuring(() => Promise.all(Array.from({ length: 12 }, piece)))
    expect(looks).toBeGreaterThanOrEqual(10)
  })

  it('take turns, in the order in which they began to wait', async () => {
    const order: string[] = []
    const piece = async (name: string) => {
      for (const round of [1, 2]) {
        await nextTurn()
        order.push(`${name}${round}`)
      }
    }
    await Promise.all(['a', 'b', 'c'].map(piece))
    expect(order).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'c2'])
  })

  it('share the time between two looks if they are short', async () => {
    const looks = await looksDuring(() => Promise.all(Array.from({ length: 1_000 }, () => nextTurn())))
    expect(looks).toBeLessThan(500)
  })

  it('pause while they run, also if many run at the same time', async () => {
    const long = async () => {
      const pause = pauses()
      for (let step = 0; step < 4; step++) {
        work(11)
        await pause()
      }
    }
    const looks = await looksDuring(() => Promise.all(Array.from({ length: 5 }, long)))
    expect(looks).toBeGreaterThanOrEqual(12)
  })
})

describe('a request that may end soon', () => {
  // Until all earlier turns have ended.
  beforeEach(() => sleep(10))

  const turnAfter = async (during: (turn: Promise<void>) => Promise<unknown>) => {
    const started = performance.now()
    const turn = nextTurn().then(() => performance.now() - started)
    await during(turn.then(() => {}))
    return turn
  }

  it('goes first, for a few milliseconds', async () => {
    const end = beginRequest()
    const waited = await turnAfter(async (turn) => turn)
    end()
    expect(waited).toBeGreaterThan(4)
  })

  it('delays turns no longer once it has ended', async () => {
    const ends = [beginRequest(), beginRequest()]
    const waited = await turnAfter(async () => {
      await sleep(1)
      for (const end of ends) end()
    })
    expect(waited).toBeLessThan(4)
  })

  it('delays turns no longer once it has taken long', async () => {
    const end = beginRequest()
    await sleep(30)
    const waits = await Promise.all(Array.from({ length: 5 }, () => turnAfter(async () => {})))
    end()
    expect(Math.min(...waits)).toBeLessThan(3)
  })
})
