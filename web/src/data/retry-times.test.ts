import { createRetryTimes } from './retry-times.ts'

const fault = { error: { response: { status: 500 } } }

describe('the times at which letters are sent again', () => {
  it('grow while the server fails, and begin anew after an answer', () => {
    const retries = createRetryTimes(() => 0)
    expect([1, 2, 3].map(() => retries.after('1', fault))).toEqual([5_000, 10_000, 20_000])
    for (let times = 0; times < 20; times += 1) retries.after('1', fault)
    expect(retries.after('1', fault)).toBe(300_000)
    retries.forget('1')
    expect(retries.after('1', fault)).toBe(5_000)
  })

  it('do not grow while there is no connection', () => {
    const retries = createRetryTimes(() => 0)
    expect([1, 2, 3].map(() => retries.after('1', null))).toEqual([5_000, 5_000, 5_000])
    expect(retries.after('1', fault)).toBe(5_000)
  })

  it('puts letters last that the server fails at', () => {
    const retries = createRetryTimes(() => 0)
    expect(retries.inOrder(['1', '2'])).toEqual(['1', '2'])
    for (let times = 0; times < 3; times += 1) retries.after('1', fault)
    expect(retries.inOrder(['1', '2'])).toEqual(['2', '1'])
  })
})
