import { setTimeout as sleep } from 'node:timers/promises'
import { createPageTurns, type PageTurns } from './page-turns.ts'

/** Asks for pages whose making ends when the test ends it. */
function heldPages(turns: PageTurns) {
  const made: string[] = []
  const ends: (() => void)[] = []
  return {
    made,
    ask: (network: string, viewerId: string | null = null) =>
      turns
        .run({ network, viewerId }, async () => {
          made.push(viewerId ?? network)
          await new Promise<void>((end) => ends.push(end))
        })
        .then(
          () => 'made',
          (error) => error.extensions.code,
        ),
    /** Ends every page until all that were asked for are answered. */
    async endAll(asked: Promise<string>[]) {
      const timer = setInterval(() => ends.shift()?.(), 1)
      const answers = await Promise.all(asked)
      clearInterval(timer)
      return answers
    },
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('the turns of pages', () => {
  it('are few at a time, and a reader who asks for many leaves turns for the others', async () => {
    const { ask, made, endAll } = heldPages(createPageTurns())
    const asked = Array.from({ length: 10 }, () => ask('192.0.2.1'))
    await settled()
    expect(made).toEqual(['192.0.2.1'])
    asked.push(ask('192.0.2.2'), ask('192.0.2.1', 'ann'), ask('192.0.2.3'))
    await settled()
    expect(made).toEqual(['192.0.2.1', '192.0.2.2'])
    expect(new Set(await endAll(asked))).toEqual(new Set(['made']))
    expect(new Set(made.slice(0, 4))).toEqual(new Set(['192.0.2.1', '192.0.2.2', 'ann', '192.0.2.3']))
  })

  it('are refused to a reader with too many waiting requests, and not to others', async () => {
    const { ask, endAll } = heldPages(createPageTurns({ atMost: 30 }))
    const asked = Array.from({ length: 3 }, () => ask('192.0.2.1'))
    expect(await ask('192.0.2.1')).toBe('SERVICE_UNAVAILABLE')
    asked.push(ask('192.0.2.2'))
    expect(await endAll(asked)).toEqual(['made', 'made', 'made', 'made'])
    expect(await endAll([ask('192.0.2.1')])).toEqual(['made'])
  })

  it('are refused while too many requests of all readers wait', async () => {
    const { ask, endAll } = heldPages(createPageTurns({ atMost: 5 }))
    const asked = Array.from({ length: 5 }, (_, n) => ask(`192.0.2.${n}`))
    expect(await ask('192.0.2.9')).toBe('SERVICE_UNAVAILABLE')
    expect(new Set(await endAll(asked))).toEqual(new Set(['made']))
  })

  it('remain for a new reader, however many requests some others have', async () => {
    const { ask, endAll } = heldPages(createPageTurns())
    const readers = Array.from({ length: 20 }, (_, n) => `192.0.2.${n}`)
    const asked = readers.flatMap((reader) => Array.from({ length: 60 }, () => ask(reader)))
    asked.push(ask('198.51.100.1'))
    expect((await endAll(asked)).at(-1)).toBe('made')
  })

  it('leave the process to others for as long as a page took', async () => {
    const turns = createPageTurns()
    const times: { start: number; end: number }[] = []
    const page = async () => {
      const start = performance.now()
      await sleep(40)
      times.push({ start, end: performance.now() })
    }
    const reader = { network: '192.0.2.1', viewerId: null }
    await Promise.all([turns.run(reader, page), turns.run(reader, page)])
    const [first, second] = times
    expect((second?.start ?? 0) - (first?.end ?? 0)).toBeGreaterThan(35)
  })

  it('make no page for a request that has waited for too long', async () => {
    const { ask, made, endAll } = heldPages(createPageTurns({ waitMs: 20 }))
    const asked = [ask('192.0.2.1'), ask('192.0.2.1'), ask('192.0.2.1')]
    await sleep(40)
    expect(await endAll(asked)).toEqual(['made', 'SERVICE_UNAVAILABLE', 'SERVICE_UNAVAILABLE'])
    expect(made).toHaveLength(1)
  })

  it('go on after a page that failed', async () => {
    const turns = createPageTurns()
    const reader = { network: '192.0.2.1', viewerId: null }
    for (let count = 0; count < 5; count++) {
      await expect(turns.run(reader, () => Promise.reject(new Error('no page')))).rejects.toThrow('no page')
    }
    let isMade = false
    await turns.run(reader, async () => {
      isMade = true
    })
    expect(isMade).toBe(true)
  })
})
