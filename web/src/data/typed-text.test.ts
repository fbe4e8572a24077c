import { memoryStorage } from '../../test/memory-storage.ts'
import { writeSession } from './session-store.ts'
import { keepTypedFields, keepTypedText, typedFields, typedText } from './typed-text.ts'

globalThis.localStorage = memoryStorage()

function signIn(userId: string): void {
  const tokens = { accessToken: 'a', refreshToken: 'r', expiresAt: new Date().toISOString() }
  writeSession({ userId, handle: userId, displayName: userId, ...tokens })
}

describe('what a user has typed', () => {
  beforeEach(() => {
    localStorage.clear()
    signIn('ann')
  })

  it('is there again until it is forgotten', () => {
    keepTypedText('comment 1', 'half a sent')
    keepTypedFields('profile', { about: 'me' })
    expect([typedText('comment 1'), typedText('comment 2')]).toEqual(['half a sent', null])
    expect(typedFields('profile')).toEqual({ about: 'me' })
    keepTypedText('comment 1', '')
    keepTypedFields('profile', null)
    expect([typedText('comment 1'), typedFields('profile')]).toEqual([null, null])
    expect(localStorage.getItem('moblog-typed-ann')).toBeNull()
  })

  it('is not shown to another user, and not kept without one', () => {
    keepTypedText('comment 1', 'a secret')
    signIn('ben')
    expect(typedText('comment 1')).toBeNull()
    localStorage.removeItem('moblog-session')
    keepTypedText('comment 1', 'late')
    expect(typedText('comment 1')).toBeNull()
  })

  it('takes a bounded room: the oldest is forgotten first', () => {
    for (let place = 1; place <= 41; place += 1) keepTypedText(`comment ${place}`, 'text')
    expect([typedText('comment 1'), typedText('comment 2')]).toEqual([null, 'text'])
    for (let place = 50; place <= 61; place += 1) keepTypedText(`comment ${place}`, 'x'.repeat(10_000))
    expect([typedText('comment 51'), typedText('comment 52')?.length]).toEqual([null, 10_000])
  })
})
