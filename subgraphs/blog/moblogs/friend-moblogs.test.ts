import { newId } from '../../../platform/ids.ts'
import { type BlogUnderTest, startBlogUnderTest } from '../../../testing/blog/blog.ts'
import { statementsOf } from '../../../testing/blog/plans.ts'

type Page = {
  edges: { node: { id: string; updatedAt: string } }[]
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
}

const FRIENDS = `query ($first: Int, $after: String) {
  friendMoblogs(first: $first, after: $after) {
    edges { node { id updatedAt } } pageInfo { hasNextPage endCursor }
  }
}`

let blog: BlogUnderTest
beforeAll(async () => {
  blog = await startBlogUnderTest({ backgroundEveryMs: 60_000 })
})
afterAll(() => blog.stop())

async function read(viewerId: string | null, first = 20, after: string | null = null): Promise<Page> {
  return (await blog.ask<{ friendMoblogs: Page }>(viewerId, FRIENDS, { first, after })).friendMoblogs
}
const idsOf = ({ edges }: Page) => edges.map(({ node }) => node.id)

describe('friendMoblogs', () => {
  const viewer = newId()
  const [silent, secretive, first, second] = [newId(), newId(), newId(), newId()]
  const stranger = newId()

  beforeAll(async () => {
    for (const friend of [first, silent, second, secretive]) blog.communication.befriend(viewer, friend)
    await blog.publish(first, { audience: 'FRIENDS' })
    await blog.publish(second)
    await blog.publish(stranger)
    await blog.publish(secretive, { audience: 'ONLY_ME' })
  })

  it('returns the moblogs in the order of their newest posts that the viewer may see', async () => {
    expect(idsOf(await read(viewer))).toEqual([second, first, secretive, silent])
    await blog.publish(first, { audience: 'FRIENDS' })
    expect(idsOf(await read(viewer))).toEqual([first, second, secretive, silent])
  })

  it('is paged without gaps', async () => {
    const { pageInfo } = await read(viewer, 3)
    expect(pageInfo.hasNextPage).toBe(true)
    const rest = await read(viewer, 3, pageInfo.endCursor)
    expect([idsOf(rest), rest.pageInfo.hasNextPage]).toEqual([[silent], false])
    await expect(read(viewer, 3, 'x')).rejects.toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } })
  })

  it('is empty for a viewer who is signed out or has no friends', async () => {
    expect(idsOf(await read(null))).toEqual([])
    expect(idsOf(await read(newId()))).toEqual([])
  })

  it('leaves out friends whom the viewer has muted, and only for this viewer', async () => {
    const [mei, jun, ann, bob] = [newId(), newId(), newId(), newId()]
    for (const friend of [jun, ann, bob]) blog.communication.befriend(mei, friend)
    blog.communication.mute(mei, ann, true)
    blog.communication.mute(jun, bob, true)
    expect(idsOf(await read(mei)).sort()).toEqual([jun, bob].sort())
    const page = await read(mei, 1)
    expect(idsOf(await read(mei, 2, page.pageInfo.endCursor))).toHaveLength(1)
    blog.communication.mute(mei, ann, false)
    expect(idsOf(await read(mei))).toHaveLength(3)
  })

  it('takes as many statements for one moblog as for all', async () => {
    const counts = []
    for (const count of [1, 20]) counts.push((await statementsOf(() => read(viewer, count))).length)
    expect(new Set(counts).size).toBe(1)
    expect(counts[0]).toBeLessThanOrEqual(2)
  })
})
