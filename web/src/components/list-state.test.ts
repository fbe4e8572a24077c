import type { TemplateResult } from 'lit'
import { listEnd, problemNotice } from './list-state.ts'
import { words } from './messages.ts'

/** The text of a notice. */
const textOf = (notice: unknown) => (notice as TemplateResult).values[0]

describe('a list that could not be read again without a connection', () => {
  const list = { problem: 'offline', hasMore: false, isLoading: false, more() {}, refresh() {} } as const

  it('says that it shows what the device has kept only if it does', () => {
    expect(textOf(listEnd({ ...list, items: ['kept'] }))).toBe(words().offline)
    expect(textOf(listEnd({ ...list, items: null }))).toBe(words().nothingKept)
    expect(textOf(problemNotice('offline', () => {}))).toBe(words().nothingKept)
  })

  it('does not speak of the connection if the server has answered', () => {
    expect(textOf(listEnd({ ...list, problem: 'failed', items: null }))).toBe(words().noAnswer)
  })

  it('offers to load the newest version if the server does not accept this one', () => {
    const notice = problemNotice('outdated', () => {})
    expect(textOf(notice)).toBe(words().outdated)
    expect(notice.values).toContain(words().reload)
  })
})
