import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Viewer } from '../identity/caller.ts'
import { joinQueries } from './join-queries.ts'
import { tooCostly } from './work.ts'

const QUERY = 'query ($handle: String!) { userByHandle(handle: $handle) { id } }'
const viewerOf = (userId: string): Viewer => ({ kind: 'viewer', userId, sessionId: null })

/** Answers each request with its viewer and the way in which it was sent. */
function createWays({ failsTogether = false } = {}) {
  const answerFor = ({ userId }: Viewer, way: string) => ({ data: { userId, way } })
  return joinQueries({
    async one({ variables }, viewer) {
      if (variables?.handle === 'too costly alone') throw tooCostly('more than 1 byte')
      return answerFor(viewer, 'alone')
    },
    async many(_request, _variables, viewers) {
      await nextTurn()
      if (failsTogether) throw tooCostly('more than 1 byte')
      return viewers.map((viewer) => answerFor(viewer, 'together'))
    },
  })
}

const ask = (send: ReturnType<typeof createWays>, userId: string, handle = 'ann') =>
  send({ query: QUERY, variables: { handle } }, viewerOf(userId))

describe('requests for the same query', () => {
  it('are sent together', async () => {
    const send = createWays()
    const answers = await Promise.all([ask(send, 'bob'), ask(send, 'eve')])
    expect(answers).toEqual(['bob', 'eve'].map((userId) => ({ data: { userId, way: 'together' } })))
  })

  it('are sent alone if their variables are large, so that others do not fail with them', async () => {
    const send = createWays()
    const large = 'x'.repeat(120_000)
    const answers = await Promise.all([ask(send, 'bob'), ask(send, 'mal', large), ask(send, 'eve')])
    expect(answers.map(({ data }) => data?.way)).toEqual(['together', 'alone', 'together'])
  })

  it('are sent again, each alone, if the answers are too large together', async () => {
    const send = createWays({ failsTogether: true })
    const [bob, mal] = await Promise.allSettled([ask(send, 'bob'), ask(send, 'mal', 'too costly alone')])
    expect(bob).toMatchObject({ value: { data: { userId: 'bob', way: 'alone' } } })
    expect(mal).toMatchObject({ reason: { extensions: { code: 'OPERATION_TOO_COSTLY' } } })
  })
})
