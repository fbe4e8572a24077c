import { setTimeout as sleep } from 'node:timers/promises'
import { createViewCounter } from './view-counter.ts'

const WAIT_MS = 10
const PATIENCE_MS = 100

describe('views of posts', () => {
  it('are sent together, each once', async () => {
    const sent: string[][] = []
    const count = createViewCounter(async (ids) => void sent.push(ids), WAIT_MS)
    for (const id of ['a', 'b', 'a']) count(id)
    await sleep(PATIENCE_MS)
    count('a')
    count('c')
    await sleep(PATIENCE_MS)
    expect(sent).toEqual([['a', 'b'], ['c']])
  })

  it('are sent again after a failure, when the post is viewed again', async () => {
    const sent: string[][] = []
    let works = false
    const count = createViewCounter(async (ids) => {
      if (!works) throw new Error('no connection')
      sent.push(ids)
    }, WAIT_MS)
    count('a')
    await sleep(PATIENCE_MS)
    works = true
    count('a')
    await sleep(PATIENCE_MS)
    expect(sent).toEqual([['a']])
  })

  it('are sent in parts of at most 100', async () => {
    const sent: string[][] = []
    const count = createViewCounter(async (ids) => void sent.push(ids), WAIT_MS)
    const ids = Array.from({ length: 250 }, (_, index) => String(index))
    for (const id of ids) count(id)
    await sleep(PATIENCE_MS)
    expect(sent.map(({ length }) => length)).toEqual([100, 100, 50])
    expect(sent.flat()).toEqual(ids)
  })
})
