import { memoryStorage } from '../../test/memory-storage.ts'
import { writeSession } from '../data/session-store.ts'
import { type Draft, emptyDraft } from './draft.ts'
import { forgetDraft, keepDraft, keptDraft, keptDrafts, saveDraft } from './draft-store.ts'
import { createOpenDrafts } from './open-draft.ts'

/** The part of the browser's locks that windows use to open drafts. They lose their locks when they are closed. */
function memoryLocks() {
  const held = new Map<string, object>()
  return {
    ofWindow: (window: object) => ({
      async request(name: string, _options: object, work: (lock: object | null) => Promise<void> | null) {
        if (held.has(name)) return work(null)
        held.set(name, window)
        return work({})
      },
    }),
    close(window: object): void {
      for (const [name, owner] of held) if (owner === window) held.delete(name)
    },
  }
}

describe('a draft', () => {
  const { navigator } = globalThis
  let locks: ReturnType<typeof memoryLocks> | null
  const setNavigator = (value: unknown) =>
    Object.defineProperty(globalThis, 'navigator', { value, configurable: true })

  beforeEach(() => {
    globalThis.localStorage = memoryStorage()
    locks = memoryLocks()
    writeSession({
      userId: 'mei',
      handle: 'mei',
      displayName: 'Mei',
      accessToken: 'a',
      refreshToken: 'r',
      expiresAt: new Date().toISOString(),
    })
  })
  afterAll(() => setNavigator(navigator))

  /** A window with a composer, which begins with the draft of the window or an empty one. */
  function openWindow(storage = memoryStorage()) {
    const drafts = createOpenDrafts()
    const use = () => {
      globalThis.sessionStorage = storage
      setNavigator(locks ? { locks: locks.ofWindow(storage) } : {})
    }
    return {
      storage,
      compose(id: string): Promise<Draft> {
        use()
        return drafts.open(keptDraft() ?? emptyDraft(id))
      },
      keep(draft: Draft): void {
        use()
        keepDraft(draft)
      },
      close: () => locks?.close(storage),
    }
  }

  const texts = () => keptDrafts().map(({ text }) => text)

  it('of one window is not opened, changed or forgotten by another one', async () => {
    const [one, other] = [openWindow(), openWindow()]
    one.keep({ ...(await one.compose('1')), text: 'One' })
    const draft = await other.compose('2')
    expect(draft).toEqual(emptyDraft('2'))
    other.keep({ ...draft, text: 'Other' })
    expect(texts()).toEqual(['One', 'Other'])
    other.keep({ ...draft, text: '' })
    expect(texts()).toEqual(['One'])
    other.keep({ ...draft, text: 'Other' })
    forgetDraft(draft)
    expect(texts()).toEqual(['One'])
  })

  it('is open again in its window after that was loaded again, also if there are others', async () => {
    const [first, one] = [openWindow(), openWindow()]
    first.keep({ ...(await first.compose('0')), text: 'First' })
    one.keep({ ...(await one.compose('1')), text: 'One' })
    first.close()
    one.close()
    const again = openWindow(one.storage)
    expect((await again.compose('2')).text).toBe('One')
    expect(keptDraft()?.text).toBe('One')
  })

  it('is opened by another window when its own was closed, but by one only', async () => {
    const one = openWindow()
    one.keep({ ...(await one.compose('1')), text: 'One' })
    one.close()
    const [two, three] = [openWindow(), openWindow()]
    expect((await two.compose('2')).text).toBe('One')
    expect((await three.compose('3')).text).toBe('')
  })

  it('is not opened in a copy of its window', async () => {
    const one = openWindow()
    one.keep({ ...(await one.compose('1')), text: 'One' })
    const copy = memoryStorage()
    copy.setItem('moblog-own-draft', one.storage.getItem('moblog-own-draft') ?? '')
    const draft = await openWindow(copy).compose('2')
    expect([draft.text, draft.clientMutationId === '1', keptDraft()]).toEqual(['', false, null])
    expect(texts()).toEqual(['One'])
  })

  it('is open in its window alone until that is closed, also while no composer is on the screen', async () => {
    const [one, other] = [openWindow(), openWindow()]
    one.keep({ ...(await one.compose('1')), text: 'One' })
    expect((await other.compose('2')).text).toBe('')
    expect((await one.compose('3')).text).toBe('One')
  })

  it('that the server has not accepted is opened after the one that the user was writing then', async () => {
    const one = openWindow()
    const draft = { ...(await one.compose('1')), text: 'One' }
    one.keep(draft)
    saveDraft({ ...emptyDraft('refused'), text: 'Refused' })
    expect((await one.compose('2')).text).toBe('One')
    forgetDraft(draft)
    expect((await one.compose('2')).text).toBe('Refused')
  })

  it('of an earlier version of the client is opened', async () => {
    localStorage.setItem('moblog-draft-mei', JSON.stringify({ ...emptyDraft('old'), text: 'Old' }))
    const draft = await openWindow().compose('1')
    expect(draft.text).toBe('Old')
    forgetDraft(draft)
    expect(texts()).toEqual([])
  })

  it('is not overwritten by another window on a plain HTTP address either, where there are no locks', async () => {
    locks = null
    const [one, other] = [openWindow(), openWindow()]
    const written = { ...(await one.compose('1')), text: 'One' }
    one.keep(written)
    other.keep({ ...(await other.compose('2')), text: 'Other' })
    one.keep({ ...written, text: 'One and more' })
    expect(texts().sort()).toEqual(['One and more', 'Other'])
  })
})
