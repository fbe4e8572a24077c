import { jest } from '@jest/globals'
import { memoryStorage } from '../../test/memory-storage.ts'
import { createPersistStorage } from './persist-storage.ts'
import { removeSession, writeSession } from './session-store.ts'

globalThis.localStorage = memoryStorage()
globalThis.sessionStorage = memoryStorage()

const persist = jest.fn(async () => false)
const persisted = jest.fn(async () => false)
Object.defineProperty(navigator, 'storage', { value: { persist, persisted }, configurable: true })

/** Starts the client, and asks as often as something is kept. */
async function startAndKeep(times = 1): Promise<void> {
  const persistStorage = createPersistStorage()
  for (let time = 0; time < times; time += 1) await persistStorage().catch(() => {})
}

function signIn(userId: string): void {
  const rest = { handle: userId, displayName: userId, accessToken: 'a', refreshToken: 'r' }
  writeSession({ ...rest, userId, expiresAt: new Date().toISOString() })
}

describe('the storage of this device', () => {
  beforeEach(() => {
    localStorage.clear()
    signIn('ann')
    persist.mockReset().mockResolvedValue(false)
    persisted.mockReset().mockResolvedValue(false)
  })

  it.each([true, false])('is asked for once and never after the answer %s', async (answer) => {
    persist.mockResolvedValue(answer)
    await startAndKeep(3)
    await startAndKeep()
    expect(persist).toHaveBeenCalledTimes(1)
  })

  it('is asked for once at each start until the browser answers', async () => {
    persist.mockRejectedValue(new TypeError('not now'))
    await startAndKeep(3)
    expect(persist).toHaveBeenCalledTimes(1)
    await startAndKeep()
    expect(persist).toHaveBeenCalledTimes(2)
  })

  it('is not asked for if the browser keeps it already, or no user is signed in', async () => {
    persisted.mockResolvedValue(true)
    await startAndKeep()
    removeSession('ann')
    persisted.mockResolvedValue(false)
    await startAndKeep()
    expect(persist).not.toHaveBeenCalled()
  })

  it('is not asked for where the browser would show a prompt', async () => {
    Object.assign(globalThis, { mozInnerScreenX: 0 })
    await startAndKeep()
    Reflect.deleteProperty(globalThis, 'mozInnerScreenX')
    expect(persist).not.toHaveBeenCalled()
    await startAndKeep()
    expect(persist).toHaveBeenCalledTimes(1)
  })
})
