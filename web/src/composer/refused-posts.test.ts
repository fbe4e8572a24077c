import { eventually } from '../../../testing/eventually.ts'
import { memoryIndexedDb } from '../../test/memory-database.ts'
import { memoryStorage } from '../../test/memory-storage.ts'
import { Refused } from '../data/failure.ts'
import { adopted } from '../data/outbox.ts'
import { writeSession } from '../data/session-store.ts'
import { appUploads } from '../uploads/app-uploads.ts'
import { draftItem, emptyDraft } from './draft.ts'
import { keepDraft, keptDraft } from './draft-store.ts'
import { followPendingPosts, pendingPosts, withdrawPost } from './pending-posts.ts'
import { afterRefusal } from './publish-draft.ts'

const page = Object.assign(new EventTarget(), { visibilityState: 'visible', documentElement: { lang: 'en' } })
const toasts: unknown[] = []
Object.assign(globalThis, memoryIndexedDb(), {
  document: page,
  addEventListener: page.addEventListener.bind(page),
  dispatchEvent: (event: CustomEvent) => toasts.push(event.detail),
  // That of Node keeps the process running.
  BroadcastChannel: class {
    postMessage() {}
  },
})
globalThis.localStorage = memoryStorage()
globalThis.sessionStorage = memoryStorage()

const answerOf = (publishPost: object) => Promise.resolve({ publishPost })

describe('a post that the server refuses after a restart of the app', () => {
  it('is shown with the reason until the user goes on with it, also if there is another draft', async () => {
    writeSession({
      userId: 'mei',
      handle: 'mei',
      displayName: 'Mei',
      accessToken: 'a',
      refreshToken: 'r',
      expiresAt: new Date().toISOString(),
    })
    const refused = { ...emptyDraft('1'), text: 'Refused' }
    const refusal = { __typename: 'RequestFailed', code: 'TEAPOT', message: 'I am a teapot.' }
    adopted.push(
      { draft: refused, answer: answerOf(refusal) },
      // As if another window had followed it too.
      { draft: refused, answer: answerOf(refusal) },
      {
        draft: { ...emptyDraft('2'), text: 'Taken' },
        answer: answerOf({ __typename: 'PublishPostPayload' }),
      },
      { draft: 'of another version', answer: answerOf(refusal) },
    )
    keepDraft({ ...emptyDraft('3'), text: 'Begun' })
    followPendingPosts()
    await new Promise((resolve) => setTimeout(resolve))
    const [again, ...others] = pendingPosts()
    expect(others).toEqual([])
    expect(again).toMatchObject({
      text: 'Refused',
      problem: 'Your post was not published. I am a teapot.',
    })
    // The server may remember the refused attempt.
    expect(again?.clientMutationId).not.toBe('1')
    expect(toasts).toContain(again?.problem)
    if (!again) return
    expect([withdrawPost(again), keptDraft()?.text]).toEqual([false, 'Begun'])
    keepDraft(emptyDraft('3'))
    expect(withdrawPost(again)).toBe(true)
    expect([keptDraft()?.text, keptDraft()?.problem, pendingPosts()]).toEqual(['Refused', null, []])
    await eventually(() => appUploads().isLoaded)
    appUploads().stop()
  })

  it('names the list if it no longer exists', () => {
    const missing = new Refused({ __typename: 'RequestFailed', code: 'NOT_FOUND', message: 'No such id.' })
    const problemOf = (audience: 'FRIENDS' | 'ONLY_LIST') =>
      afterRefusal({ ...emptyDraft('4'), audience }, missing).problem
    const items = [draftItem('photo', 'upload')]
    const withFile = afterRefusal({ ...emptyDraft('4'), audience: 'EXCEPT_LIST', items }, missing).problem
    expect(withFile).toMatch('Its audience list or one of its files no longer exists.')
    expect([problemOf('FRIENDS'), problemOf('ONLY_LIST')]).toEqual([
      'Your post was not published. No such id.',
      'Your post was not published. Its audience list no longer exists. Choose another audience.',
    ])
  })
})
