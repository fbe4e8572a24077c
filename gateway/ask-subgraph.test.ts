import { setTimeout as sleep } from 'node:timers/promises'
import { unavailable } from '../platform/errors.ts'
import { ANONYMOUS } from '../platform/identity/caller.ts'
import { createLog } from '../platform/log.ts'
import { createWork } from '../platform/subgraph/work.ts'
import { createAskSubgraph } from './ask-subgraph.ts'

const context = () => ({ viewer: ANONYMOUS, work: createWork() })
const request = { query: '{ a }' }

/** A subgraph that counts requests and answers with what `behave` returns. */
function subgraph(behave: () => Promise<object>) {
  let asked = 0
  const execute = () => {
    asked += 1
    return behave()
  }
  const client = { execute, close: async () => {} }
  return { ask: createAskSubgraph({ blog: client }, createLog('test', 'silent')), asked: () => asked }
}

describe('asking a subgraph', () => {
  it('stops after five outages in a row, and starts again after a moment', async () => {
    let isDown = true
    const { ask, asked } = subgraph(async () => {
      if (isDown) throw unavailable('The blog service does not answer.')
      return { data: { a: 1 } }
    })
    for (let n = 0; n < 20; n++) {
      await expect(ask('blog', request, context())).rejects.toMatchObject({
        extensions: { code: 'SERVICE_UNAVAILABLE' },
        message: expect.stringContaining('blog service does not answer'),
      })
    }
    expect(asked()).toBe(5)
    isDown = false
    await sleep(1_100)
    const results = await Promise.all([1, 2, 3].map(() => ask('blog', request, context())))
    expect(results).toEqual([{ data: { a: 1 } }, { data: { a: 1 } }, { data: { a: 1 } }])
  })

  it('does not stop because of other errors, which say that the subgraph works', async () => {
    const { ask, asked } = subgraph(() => Promise.reject(new Error('a bug')))
    for (let n = 0; n < 20; n++) await expect(ask('blog', request, context())).rejects.toThrow('a bug')
    expect(asked()).toBe(20)
  })

  it('ends as soon as the signal aborts, and asks nothing after that', async () => {
    const { ask, asked } = subgraph(() => new Promise(() => {}))
    const ended = new AbortController()
    const answer = ask('blog', request, { ...context(), signal: ended.signal })
    ended.abort(unavailable('The client closed the connection.'))
    await expect(answer).rejects.toThrow('closed')
    await expect(ask('blog', request, { ...context(), signal: ended.signal })).rejects.toThrow('closed')
    expect(asked()).toBe(1)
  })
})
