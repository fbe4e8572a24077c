import { noticeOf, questionOf } from './person-steps.ts'

const jun = { id: '1', displayName: 'Jun', relationship: 'FRIEND' as const }

describe('the notice after a step', () => {
  it.each([
    ['block', 'You blocked Jun.', ['Unblock', 'Blocked users']],
    ['unblock', 'You no longer block Jun.', ['Undo']],
    ['unfriend', 'You and Jun are no longer friends.', ['Add friend']],
  ] as const)('of "%s" says what has ended, and offers the way back', (step, text, labels) => {
    const notice = noticeOf(step, jun)
    expect(notice?.text).toBe(text)
    expect(notice?.actions.map(({ label }) => label)).toEqual(labels)
  })

  it.each(['accept', 'cancel', 'decline', 'request'] as const)('of "%s" is what the screen shows', (step) => {
    expect(noticeOf(step, jun)).toBeNull()
  })
})

describe('the question before a step', () => {
  it.each([
    ['block', 'Block Jun?'],
    ['decline', 'Decline the request of Jun?'],
    ['unfriend', 'End the friendship with Jun?'],
  ] as const)('is asked before "%s", which the viewer cannot take back alone', (step, title) => {
    expect(questionOf(step, jun)).toMatchObject({ title, choices: [{ key: step, isDangerous: true }] })
  })

  it.each(['accept', 'cancel', 'request', 'unblock'] as const)('is not asked before "%s"', (step) => {
    expect(questionOf(step, jun)).toBeNull()
  })
})
