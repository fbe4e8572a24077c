import { createAnswers } from './answers-under-way.ts'

const operations = Array.from({ length: 6 }, (_, index) => ({ index }))
const [first = {}, second = {}] = operations

/** Begins all operations, and collects those that may be executed. */
function beginAll(closed: AbortSignal) {
  const answers = createAnswers(closed)
  const begun: number[] = []
  for (const operation of operations) void answers.begin(operation).then(() => begun.push(operation.index))
  return { answers, begun }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('the operations of a connection', () => {
  it('begin while fewer than four wait for their answers to be sent, in the order in which they came', async () => {
    const { answers, begun } = beginAll(new AbortController().signal)
    await settled()
    expect(begun).toEqual([0, 1, 2, 3])
    answers.end(second)
    answers.end(second)
    await settled()
    expect(begun).toEqual([0, 1, 2, 3, 4])
    answers.end(first)
    await settled()
    expect(begun).toEqual([0, 1, 2, 3, 4, 5])
  })

  it('all begin when the connection is closed, so that none waits for ever', async () => {
    const closing = new AbortController()
    const { answers, begun } = beginAll(closing.signal)
    closing.abort()
    await settled()
    expect(begun).toHaveLength(6)
    await answers.begin({})
  })

  it('are all answered when those that waited are, too', async () => {
    const { answers } = beginAll(new AbortController().signal)
    let isSent = false
    void answers.sent().then(() => {
      isSent = true
    })
    for (const operation of operations) {
      await settled()
      expect(isSent).toBe(false)
      answers.end(operation)
    }
    await settled()
    expect(isSent).toBe(true)
  })
})
