import { createContext } from '../context.ts'
import { postEntitiesResolvers } from './resolvers/post-entities.ts'

const TEXT = '#lake http://a.b/ '.repeat(555)
const TIMES = 100

const { entities } = postEntitiesResolvers({
  hiddenUserIds: async () => [],
  mentionsOf: () => {
    throw new Error('the text mentions nobody')
  },
}).Post

async function msFor(contextOf: () => ReturnType<typeof createContext>): Promise<number> {
  const startedAt = performance.now()
  for (let index = 0; index < TIMES; index++) {
    const post = { id: 'post', text: TEXT } as Parameters<typeof entities>[0]
    const found = await entities(post, {}, contextOf())
    expect(found).toHaveLength(100)
  }
  return performance.now() - startedAt
}

it('an operation that shows a post many times searches its text once', async () => {
  const newContext = () => createContext({ kind: 'viewer', userId: null, sessionId: null })
  const shared = newContext()
  await msFor(newContext)
  const [apart, together] = [await msFor(newContext), await msFor(() => shared)]
  expect(together).toBeLessThan(apart / 3)
})
