import { eventually } from '../../../testing/eventually.ts'
import { Reconnection } from './reconnection.ts'

const browser = new EventTarget()
const connection = { onLine: false }
Object.assign(globalThis, {
  addEventListener: browser.addEventListener.bind(browser),
  removeEventListener: browser.removeEventListener.bind(browser),
})
Object.defineProperty(globalThis, 'navigator', { value: connection, configurable: true })

const connect = () => {
  connection.onLine = true
  browser.dispatchEvent(new Event('online'))
}

describe('what could not be read', () => {
  let asked: number
  beforeEach(() => {
    asked = 0
    connection.onLine = false
  })

  it('is read when the connection is back, and not before', async () => {
    const reconnection = new Reconnection(() => {
      asked += 1
    }, 10)
    connect()
    expect(asked).toBe(0)
    connection.onLine = false
    reconnection.note('offline')
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(asked).toBe(0)
    connect()
    expect(asked).toBe(1)
    reconnection.note(null)
    connect()
    expect(asked).toBe(1)
  })

  it.each([
    ['the browser notices nothing', 'offline'],
    ['the server fails', 'failed'],
  ] as const)('is read from time to time if %s', async (_what, problem) => {
    connection.onLine = true
    const reconnection = new Reconnection(() => {
      asked += 1
      reconnection.note(asked < 3 ? problem : null)
    }, 5)
    reconnection.note(problem)
    await eventually(() => asked === 3)
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect(asked).toBe(3)
  })

  it('is not read again by a version of the client that the server does not accept', async () => {
    connection.onLine = true
    const reconnection = new Reconnection(() => {
      asked += 1
    }, 5)
    reconnection.note('outdated')
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(asked).toBe(0)
  })

  it('is not read any more when its screen is gone', async () => {
    const reconnection = new Reconnection(() => {
      asked += 1
    }, 5)
    reconnection.note('offline')
    reconnection.stop()
    connect()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(asked).toBe(0)
  })
})
