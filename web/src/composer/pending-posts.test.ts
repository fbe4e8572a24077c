import { eventually } from '../../../testing/eventually.ts'
import { memoryIndexedDb } from '../../test/memory-database.ts'
import { memoryStorage } from '../../test/memory-storage.ts'
import { writeSession } from '../data/session-store.ts'
import { appUploads } from '../uploads/app-uploads.ts'
import type { UploadRecord } from '../uploads/upload-record.ts'
import { createUploadStore } from '../uploads/upload-store.ts'
import { draftItem, emptyDraft } from './draft.ts'
import { forgetDraft, keepDraft, keepPendingPosts, keptDraft } from './draft-store.ts'
import {
  discardPost,
  followPendingPosts,
  pendingPosts,
  publishWhenStored,
  withdrawPost,
} from './pending-posts.ts'

const page = Object.assign(new EventTarget(), { visibilityState: 'visible' })
Object.assign(globalThis, memoryIndexedDb(), {
  document: page,
  addEventListener: page.addEventListener.bind(page),
  dispatchEvent: page.dispatchEvent.bind(page),
  // That of Node keeps the process running.
  BroadcastChannel: class {
    postMessage() {}
  },
})
globalThis.localStorage = memoryStorage()
globalThis.sessionStorage = memoryStorage()

describe('a post that waits for its uploads', () => {
  it('still waits after a restart of the app, although the uploads are read later', async () => {
    writeSession({
      userId: 'mei',
      handle: 'mei',
      displayName: 'Mei',
      accessToken: 'a',
      refreshToken: 'r',
      expiresAt: new Date().toISOString(),
    })
    const record = { id: 'u1', ownerId: 'mei', name: 'a.mp4', state: 'PAUSED', file: null, mediaId: null }
    await createUploadStore().put(record as UploadRecord)
    const items = [draftItem('a.mp4', 'u1'), draftItem('lost.mp4', 'u2')]
    keepPendingPosts([
      { ...emptyDraft('waits'), items: items.slice(0, 1) },
      { ...emptyDraft('lost'), items },
    ])
    const loaded = new Promise<void>((resolve) => {
      appUploads().addEventListener('change', () => appUploads().isLoaded && resolve())
    })
    followPendingPosts()
    expect([pendingPosts().length, keptDraft()]).toEqual([2, null])
    await loaded
    // A post whose upload is really gone becomes a draft.
    expect(pendingPosts().map(({ clientMutationId }) => clientMutationId)).toEqual(['waits'])
    expect(keptDraft()?.clientMutationId).toBe('lost')
    appUploads().stop()
  })

  it('becomes the draft again if there is no other one, or is discarded with its uploads', async () => {
    const record = { id: 'u3', ownerId: 'mei', name: 'a.mp4', state: 'PAUSED', file: null, mediaId: null }
    await createUploadStore().put(record as UploadRecord)
    await appUploads().start('mei')
    const [one, other] = [
      { ...emptyDraft('one'), text: 'One', items: [draftItem('a.mp4', 'u3')] },
      { ...emptyDraft('other'), text: 'Other' },
    ]
    keepPendingPosts([one, other])
    const begun = { ...emptyDraft('draft'), text: 'Begun' }
    keepDraft(begun)
    expect([withdrawPost(other), pendingPosts().length, keptDraft()?.text]).toEqual([false, 2, 'Begun'])
    forgetDraft(begun)
    expect([withdrawPost(other), pendingPosts().length, keptDraft()?.text]).toEqual([true, 1, 'Other'])
    discardPost(one)
    expect([pendingPosts().length, appUploads().get('u3')]).toEqual([0, null])
    appUploads().stop()
  })

  it('never has the id of another post that was written in the same draft', () => {
    keepPendingPosts([])
    const draft = { ...emptyDraft('draft'), items: [draftItem('a.mp4', 'u4')] }
    expect(publishWhenStored({ ...draft, text: 'One' })).toBe(true)
    expect(publishWhenStored({ ...draft, text: 'Another' })).toBe(true)
    const ids = pendingPosts().map(({ clientMutationId }) => clientMutationId)
    expect(new Set([...ids, draft.clientMutationId]).size).toBe(3)
  })

  it('takes the media along that was stored for it, but not what the user had stored before', async () => {
    await appUploads().start('mei')
    const item = { ...draftItem('a.mp4', 'gone'), mediaId: 'new', isNewMedia: true }
    discardPost({
      ...emptyDraft('stored'),
      items: [item, { ...item, mediaId: 'old', isNewMedia: false }],
    })
    const withdrawn = await eventually(
      () => createUploadStore().all(),
      (records) => records.some(({ mediaId }) => mediaId !== null),
    )
    expect(withdrawn.filter(({ mediaId }) => mediaId !== null)).toMatchObject([
      { state: 'CANCELLED', mediaId: 'new', ownerId: 'mei' },
    ])
    appUploads().stop()
  })
})
