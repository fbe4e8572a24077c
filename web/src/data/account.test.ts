import { jest } from '@jest/globals'
import { memoryStorage } from '../../test/memory-storage.ts'
import { signOut } from './account.ts'
import { onSessionChange, readSession, showUser, writeSession } from './session-store.ts'
import { usersToForget } from './users-to-forget.ts'

const ignore = () => {}
Object.assign(globalThis, {
  localStorage: memoryStorage(),
  sessionStorage: memoryStorage(),
  addEventListener: ignore,
  removeEventListener: ignore,
})

describe('signing out', () => {
  let changes: number
  let stop: () => void

  const signIn = (userId: string) =>
    writeSession({
      userId,
      handle: userId,
      displayName: userId,
      accessToken: `${userId} 1`,
      refreshToken: `${userId} refresh`,
      expiresAt: '2020-01-01T12:00:00Z',
    })

  beforeEach(() => {
    jest.useFakeTimers()
    localStorage.clear()
    signIn('ann')
    showUser('ann')
    changes = 0
    stop = onSessionChange(() => {
      changes += 1
    })
  })
  afterEach(() => {
    jest.useRealTimers()
    stop()
    showUser(null)
  })

  it('ends the session of the user on this device, also if the server cannot be asked', async () => {
    await signOut()
    expect([readSession(), usersToForget(), changes]).toEqual([
      null,
      [{ userId: 'ann', isAccountDeleted: false }],
      1,
    ])
  })

  it('in a window that was asleep leaves the session of the user who has signed in since, and shows it', async () => {
    signIn('ben')
    changes = 0
    await signOut()
    expect([readSession()?.userId, usersToForget(), changes]).toEqual([
      'ben',
      [{ userId: 'ann', isAccountDeleted: false }],
      1,
    ])
  })
})
