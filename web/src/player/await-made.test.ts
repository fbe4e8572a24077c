import fc from 'fast-check'
import { awaitMade, waitBefore } from './await-made.ts'
import type { MediaAddresses } from './player-media.ts'

const made: MediaAddresses = { url: 'a', progressiveUrl: 'b' }
const unmade: MediaAddresses = { url: 'a', progressiveUrl: null }
const isMade = ({ progressiveUrl }: MediaAddresses) => progressiveUrl !== null

type Answer = MediaAddresses | null | Error

/** Waits for media whose addresses are asked for again and again. The last answer repeats. */
async function wait(...answers: Answer[]) {
  const waits: number[] = []
  const result = await awaitMade(
    async () => {
      const answer = answers.length > 1 ? answers.shift() : answers[0]
      if (answer instanceof Error) throw answer
      return answer ?? null
    },
    isMade,
    async (ms) => void waits.push(ms),
  )
  return { result, waits }
}

describe('media that are being made', () => {
  it('are asked for with growing pauses until they can be played', async () => {
    const { result, waits } = await wait(unmade, unmade, made)
    expect(result).toEqual({ addresses: made })
    expect(waits).toEqual([1_000, 2_000, 4_000])
  })

  it('end when the viewer may no longer play them', async () => {
    expect((await wait(unmade, null)).result).toBe('ENDED')
  })

  it('are waited for without a connection too', async () => {
    expect((await wait(new Error('offline'), made)).result).toEqual({ addresses: made })
  })

  it('are given up after a quarter of an hour', async () => {
    const { result, waits } = await wait(unmade)
    expect(result).toBe('TOO_LONG')
    const minutes = waits.reduce((sum, ms) => sum + ms, 0) / 60_000
    expect(minutes).toBeGreaterThan(14)
    expect(minutes).toBeLessThan(20)
  })

  it('are never asked for without a pause', () => {
    fc.assert(
      fc.property(fc.nat(), (attempt) => {
        expect(waitBefore(attempt)).toBeGreaterThanOrEqual(1_000)
        expect(waitBefore(attempt)).toBeLessThanOrEqual(30_000)
        expect(waitBefore(attempt + 1)).toBeGreaterThanOrEqual(waitBefore(attempt))
      }),
    )
  })
})
