import { memoryIndexedDb } from '../../test/memory-database.ts'
import { memoryStorage } from '../../test/memory-storage.ts'
import { captionsText, keepCaptionsText } from '../composer/captions-store.ts'
import { emptyDraft } from '../composer/draft.ts'
import { keepDraft, keepPendingPosts, keptDraft, keptPendingPosts } from '../composer/draft-store.ts'
import { openOutboxStore } from '../data/outbox-store.ts'
import { readSession, removeSession, showUser, writeSession } from '../data/session-store.ts'
import { keepTypedText, typedText } from '../data/typed-text.ts'
import { markToForget, usersToForget } from '../data/users-to-forget.ts'
import { appRecordings } from '../uploads/app-recordings.ts'
import { receiveShare, sharedWith } from '../uploads/share-target.ts'
import type { UploadRecord } from '../uploads/upload-record.ts'
import { createUploadStore } from '../uploads/upload-store.ts'
import { forgetUsers } from './forget-device.ts'

const memory = memoryIndexedDb()
Object.assign(globalThis, { indexedDB: memory.indexedDB, IDBKeyRange: memory.IDBKeyRange })
globalThis.localStorage = memoryStorage()
globalThis.sessionStorage = memoryStorage()

const letter = { id: 'letter', document: 'mutation { x }', variables: {} }

function signIn(userId: string): void {
  const expiresAt = new Date().toISOString()
  writeSession({
    userId,
    handle: userId,
    displayName: userId,
    accessToken: 'a',
    refreshToken: 'r',
    expiresAt,
  })
}

/** Keeps something of each kind for the signed-in user. */
async function useApp(userId: string): Promise<{ captionsId: string }> {
  signIn(userId)
  keepDraft({ ...emptyDraft('1'), text: 'a secret' })
  keepPendingPosts([{ ...emptyDraft('2'), text: 'another secret' }])
  keepTypedText('comment 1', 'half a sentence')
  const id = `of ${userId}`
  await createUploadStore().put({ id, ownerId: userId, file: new Blob(['private']) } as UploadRecord)
  const recording = {
    kind: 'audio',
    mimeType: 'audio/webm',
    startedAt: 1,
    seconds: 1,
    isFinished: false,
  } as const
  await appRecordings()?.keep({ ...recording, id })
  await appRecordings()?.keepChunk(id, 0, new Blob(['sound']))
  await share(`shared with ${userId}`)
  await sharedWith(userId)
  await openOutboxStore(userId).add(letter)
  return { captionsId: await keepCaptionsText('spoken') }
}

async function share(text: string): Promise<void> {
  const form = new FormData()
  form.append('text', text)
  for (let file = 0; file < 12; file += 1) form.append('media', new File(['x'], `${file}.jpg`))
  const request = new Request('https://moblog.test/share', { method: 'POST', body: form })
  await receiveShare(request, 'https://moblog.test/')
}

/** What the signed-in user finds on this device. */
async function found(userId: string) {
  return {
    draft: keptDraft()?.text ?? null,
    pending: keptPendingPosts().length,
    typed: typedText('comment 1'),
    uploads: (await createUploadStore().all()).filter(({ ownerId }) => ownerId === userId).length,
    recordings: (await appRecordings()?.interrupted())?.length,
    chunks: (await appRecordings()?.open(`of ${userId}`)) ? 1 : 0,
    shared: (await sharedWith(userId)).map(({ text }) => text),
    letters: (await openOutboxStore(userId).all()).length,
  }
}

const NOTHING = {
  draft: null,
  typed: null,
  pending: 0,
  uploads: 0,
  recordings: 0,
  chunks: 0,
  shared: [],
  letters: 0,
}
const EVERYTHING = {
  draft: 'a secret',
  typed: 'half a sentence',
  pending: 1,
  uploads: 1,
  recordings: 1,
  chunks: 1,
  letters: 1,
}

describe('this device', () => {
  beforeEach(() => {
    localStorage.clear()
    const fresh = memoryIndexedDb()
    Object.assign(globalThis, { indexedDB: fresh.indexedDB })
  })

  it('shows another user nothing of the user before, even without signing out', async () => {
    await useApp('ann')
    signIn('ben')
    expect(await found('ben')).toEqual(NOTHING)
    expect(await appRecordings()?.open('of ann')).toBeNull()
  })

  it('keeps nothing for a user who has signed in elsewhere while the page of the user before was asleep', async () => {
    signIn('amy')
    showUser('amy')
    signIn('ned')
    keepDraft({ ...emptyDraft('1'), text: 'a secret' })
    keepPendingPosts([{ ...emptyDraft('2'), text: 'another secret' }])
    keepTypedText('comment 1', 'half a sentence')
    await expect(keepCaptionsText('spoken')).rejects.toThrow('not signed in any more')
    expect(appRecordings()).toBeNull()
    expect([keptDraft(), typedText('comment 1')]).toEqual([null, null])
    showUser(null)
    expect(await found('ned')).toEqual(NOTHING)
    signIn('amy')
    expect(await found('amy')).toEqual(NOTHING)
  })

  it('keeps only the outbox of a user whose session has ended', async () => {
    const { captionsId } = await useApp('bea')
    expect(await found('bea')).toEqual({ ...EVERYTHING, shared: ['shared with bea'] })
    removeSession('bea')
    expect(readSession()).toBeNull()
    await forgetUsers()
    expect(usersToForget()).toEqual([])
    signIn('bea')
    expect(await found('bea')).toEqual({ ...NOTHING, letters: 1 })
    expect(await captionsText(captionsId)).toBeNull()
  })

  it('keeps which uploads a user has withdrawn, so that they are ended at the next visit', async () => {
    await useApp('bob')
    const withdrawn = { id: 'withdrawn', ownerId: 'bob', state: 'CANCELLED', uploadId: '1' } as UploadRecord
    await createUploadStore().put(withdrawn)
    removeSession('bob')
    await forgetUsers()
    expect(await createUploadStore().all()).toMatchObject([{ id: 'withdrawn', uploadId: '1' }])
    markToForget('bob', true)
    await forgetUsers()
    expect(await createUploadStore().all()).toEqual([])
  })

  it('keeps no copy of a file that was withdrawn', async () => {
    const record = { id: 'a', ownerId: 'kim', state: 'SENDING', file: new Blob(['private']) } as UploadRecord
    await createUploadStore().put(record)
    await createUploadStore().put({ ...record, state: 'CANCELLED', file: null })
    expect(await createUploadStore().get('a')).toMatchObject({ state: 'CANCELLED', file: null })
  })

  it('keeps nothing of a deleted account', async () => {
    await useApp('cat')
    markToForget('cat', true)
    removeSession('cat')
    await forgetUsers()
    signIn('cat')
    expect(await found('cat')).toEqual(NOTHING)
  })

  it('leaves the data of other users alone', async () => {
    await useApp('dan')
    const { captionsId } = await useApp('eve')
    markToForget('dan')
    await forgetUsers()
    expect(await found('eve')).toEqual({ ...EVERYTHING, shared: ['shared with eve'] })
    expect(await captionsText(captionsId)).toBe('spoken')
  })

  it('forgets at its next start the users whom it could not forget', async () => {
    const { indexedDB } = globalThis
    await useApp('fay')
    removeSession('fay')
    Object.assign(globalThis, {
      indexedDB: {
        open: () => {
          throw new Error('not now')
        },
      },
    })
    await forgetUsers()
    expect(usersToForget()).toEqual([{ userId: 'fay', isAccountDeleted: false }])
    Object.assign(globalThis, { indexedDB })
    await forgetUsers()
    expect(usersToForget()).toEqual([])
  })

  it('keeps nothing that a page writes after its user has signed out', () => {
    signIn('gil')
    removeSession('gil')
    keepDraft({ ...emptyDraft('1'), text: 'a secret' })
    expect(keepPendingPosts([emptyDraft('2')])).toBe(false)
    // The mark alone.
    expect([localStorage.length, localStorage.key(0)]).toEqual([1, 'moblog-users-to-forget'])
  })
})
