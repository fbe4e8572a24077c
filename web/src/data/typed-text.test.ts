import { eventually } from '../../../testing/eventually.ts'
import { memoryStorage } from '../../test/memory-storage.ts'
import { writeSession } from './session-store.ts'
import { createTypedTexts, keepTypedFields, keepTypedText, typedFields, typedText } from './typed-text.ts'

globalThis.localStorage = memoryStorage()
globalThis.sessionStorage = memoryStorage()

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
    // That of the session.
    expect(localStorage.length).toBe(1)
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

describe('what a user has typed in several windows', () => {
  const { navigator } = globalThis
  const setNavigator = (value: unknown) =>
    Object.defineProperty(globalThis, 'navigator', { value, configurable: true })
  /** The names of the locks that are held, and the windows that hold them. */
  let held: Map<string, Storage>
  beforeEach(() => {
    held = new Map()
    localStorage.clear()
    signIn('ann')
  })
  afterAll(() => setNavigator(navigator))

  type Options = { ifAvailable?: boolean; signal?: AbortSignal }
  /** The part of the browser's locks that windows use. They lose their locks when they are closed. */
  const locksOf = (window: Storage) => ({
    async request(name: string, { ifAvailable, signal }: Options, work: (lock: object | null) => unknown) {
      if (!held.has(name)) {
        if (!ifAvailable) held.set(name, window)
        return work({})
      }
      if (ifAvailable) return work(null)
      return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
    },
  })

  function openWindow(storage = memoryStorage(), hasLocks = true) {
    const texts = createTypedTexts()
    const use = () => {
      globalThis.sessionStorage = storage
      setNavigator(hasLocks ? { locks: locksOf(storage) } : {})
    }
    const window = {
      storage,
      type(text: string | null): void {
        use()
        texts.keepTypedText('comment 1', text)
      },
      get shown(): string | null {
        use()
        return texts.typedText('comment 1')
      },
      close(): void {
        for (const [name, owner] of held) if (owner === storage) held.delete(name)
      },
      reload() {
        window.close()
        return openWindow(storage, hasLocks)
      },
    }
    return window
  }

  it.each([
    ['and has seen before', true, true],
    ['and has not seen', false, true],
    ['on a plain HTTP address', true, false],
  ])('is not lost if another one types at the same place %s', (_what, hasSeen, hasLocks) => {
    const [one, other] = [openWindow(memoryStorage(), hasLocks), openWindow(memoryStorage(), hasLocks)]
    one.type('a long comment')
    if (hasSeen) expect(other.shown).toBe('a long comment')
    other.type('B')
    expect([one.shown, other.shown]).toEqual(['a long comment', 'B'])
    other.type(null)
    expect([one.shown, other.shown]).toEqual(['a long comment', null])
    expect([one.reload().shown, other.reload().shown]).toEqual(['a long comment', null])
  })

  it('is there in the next one after its own was closed, until it is sent', async () => {
    const one = openWindow()
    one.type('half a sent')
    one.close()
    const next = openWindow()
    expect(next.shown).toBe('half a sent')
    next.type('a whole sentence')
    next.type(null)
    await eventually(() => openWindow().shown === null, 1_000)
  })

  it('is that of both if one is a copy of the other', async () => {
    const one = openWindow()
    one.type('One')
    const copied = memoryStorage()
    copied.setItem('moblog-window', one.storage.getItem('moblog-window') ?? '')
    const copy = openWindow(copied)
    expect(copy.shown).toBe('One')
    await eventually(() => copied.getItem('moblog-window') !== one.storage.getItem('moblog-window'), 3_000)
    expect(copy.shown).toBe('One')
    copy.type('Copy')
    expect([one.shown, copy.shown]).toEqual(['One', 'Copy'])
  })

  it('is still there if an earlier version of the client has kept it', () => {
    localStorage.setItem('moblog-typed-ann', JSON.stringify([['comment 1', 'old']]))
    const window = openWindow()
    expect(window.shown).toBe('old')
    window.type(null)
    expect([window.shown, localStorage.getItem('moblog-typed-ann')]).toEqual([null, null])
  })
})
