import fc from 'fast-check'
import { threadsOf } from './threads.ts'

type Reply = { id: string; replyTo: { id: string } | null }
type Comment = Reply & { replies: { edges: { node: Reply }[]; pageInfo: { hasNextPage: boolean } } }

const FIRST = 2

/** A list as the server returns it: `answers[i]` says which earlier comment the comment `i` replies to, if any. */
function listOf(answers: (number | null)[]): Comment[] {
  const all: Reply[] = []
  for (const [index, answer] of answers.entries()) {
    const answered = answer === null ? undefined : all[answer % Math.max(1, index)]
    const replyTo = answered ? { id: answered.replyTo?.id ?? answered.id } : null
    all.push({ id: String(index), replyTo })
  }
  return all.map((comment) => {
    const replies = all.filter(({ replyTo }) => replyTo?.id === comment.id)
    const edges = replies.slice(0, FIRST).map((node) => ({ node }))
    return { ...comment, replies: { edges, pageInfo: { hasNextPage: replies.length > FIRST } } }
  })
}

const answers = fc.array(fc.option(fc.nat(40)), { maxLength: 40 })
const idsOf = (threads: ReturnType<typeof threadsOf<Reply, Comment>>) =>
  threads.map(({ comment, replies }) => [comment.id, ...replies.map(({ id }) => id)])

describe('threads of comments', () => {
  it('have the replies that later pages bring, after those that came with the comment', () => {
    const list = listOf([null, 0, 0, null, 0, 4])
    expect(idsOf(threadsOf<Reply, Comment>(list.slice(0, 2), true))).toEqual([['0', '1', '2']])
    expect(threadsOf<Reply, Comment>(list.slice(0, 2), true)[0]?.hasMore).toBe(true)
    const all = threadsOf<Reply, Comment>(list, false)
    expect(idsOf(all)).toEqual([['0', '1', '2', '4', '5'], ['3']])
    expect(all.some(({ hasMore }) => hasMore)).toBe(false)
  })

  it('let a reply stand alone if the comment that it answers is gone', () => {
    const [, ...rest] = listOf([null, 0, null])
    expect(idsOf(threadsOf<Reply, Comment>(rest, false))).toEqual([['1'], ['2']])
  })

  it('contain each comment of a whole list once, and replies only below what they answer', () => {
    fc.assert(
      fc.property(answers, (given) => {
        const list = listOf(given)
        const threads = threadsOf<Reply, Comment>(list, false)
        expect(idsOf(threads).flat().sort()).toEqual(list.map(({ id }) => id).sort())
        for (const { comment, replies } of threads) {
          expect(comment.replyTo).toBeNull()
          for (const { replyTo } of replies) expect(replyTo?.id).toBe(comment.id)
          expect(replies.map(({ id }) => Number(id))).toEqual(
            replies.map(({ id }) => Number(id)).sort((one, other) => one - other),
          )
        }
      }),
    )
  })
})
