import { findSent } from './sent-comment.ts'

const comment = (id: string, text: string, relationship = 'SELF') => ({ id, text, author: { relationship } })

describe('the comment that was just sent', () => {
  const before = [comment('1', 'Yes'), comment('2', 'No', 'FRIEND')]
  const known = new Set(['1', '2'])

  it('is the new one of the viewer with the text', () => {
    const sent = comment('3', 'Yes')
    expect(findSent([...before, sent, comment('4', 'Yes', 'FRIEND')], 'Yes', known, true)).toBe(sent)
  })

  it('is none that was there before', () => {
    expect(findSent(before, 'Yes', known, true)).toBeNull()
  })

  it('is not known as long as there are older ones to read', () => {
    expect(findSent([...before, comment('3', 'Yes')], 'Yes', known, false)).toBeNull()
  })
})
