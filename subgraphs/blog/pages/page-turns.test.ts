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
    async endAll() {
      for (let end = ends.shift(); end; end = ends.shift()) {
        end()
        await settled()
      }
    },
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('the turns of pages', () => {
  it('are few at a time, and a reader who asks for many leaves turns for the others', async () => {
    const { ask, made, endAll } = heldPages(createPageTurns())
    const asked = Array.from({ length: 10 }, () => ask('192.0.2.1'))
    await settled()
    expect(made).toHaveLength(2)
    asked.push(ask('192.0.2.2'), ask('192.0.2.1', 'ann'), ask('192.0.2.3'))
    await settled()
    expect(made).toEqual(['192.0.2.1', '192.0.2.1', '192.0.2.2', 'ann'])
    await endAll()
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['made']))
  })

  it('are refused to a reader with too many waiting requests, and not to others', async () => {
    const { ask, endAll } = heldPages(createPageTurns({ ofEachReader: 3 }))
    const asked = Array.from({ length: 3 }, () => ask('192.0.2.1'))
    expect(await ask('192.0.2.1')).toBe('SERVICE_UNAVAILABLE')
    asked.push(ask('192.0.2.2'))
    await settled()
    await endAll()
    expect(await Promise.all(asked)).toEqual(['made', 'made', 'made', 'made'])
    const again = ask('192.0.2.1')
    await settled()
    await endAll()
    expect(await again).toBe('made')
  })

  it('are refused while too many requests of all readers wait', async () => {
    const { ask, endAll } = heldPages(createPageTurns({ atMost: 5 }))
    const asked = Array.from({ length: 5 }, (_, n) => ask(`192.0.2.${n}`))
    expect(await ask('192.0.2.9')).toBe('SERVICE_UNAVAILABLE')
    await settled()
    await endAll()
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['made']))
  })

  it('make no page for a request that has waited for too long', async () => {
    const { ask, made, endAll } = heldPages(createPageTurns({ waitMs: 20 }))
    const asked = [ask('192.0.2.1'), ask('192.0.2.1'), ask('192.0.2.1')]
    await sleep(40)
    await endAll()
    expect(await Promise.all(asked)).toEqual(['made', 'made', 'SERVICE_UNAVAILABLE'])
    expect(made).toHaveLength(2)
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
