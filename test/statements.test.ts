import { friendMoblog, publish } from '../scripts/client/moblogs.ts'
import { befriend, type Person, signUpAll } from '../scripts/client/people.ts'
import { uploadByTus } from '../scripts/client/uploads.ts'
import { mediaFile } from '../testing/product/media-files.ts'
import { MODES, type Product, startProduct } from '../testing/product/product.ts'
import { reportFigure } from '../testing/product/report-figure.ts'
import { type StatementCount, statementsFor } from '../testing/product/statements.ts'

// In one process, the two services that ask for the same media share the answer, the requests of one operation to the same
// service share what they read, and whoever was found by a handle is known to the service that asks what they are to the viewer.
const MOST_FOR_PAGE = { 'in one process': 5, 'in four processes': 8 }
const MOST_FOR_FEED = { 'in one process': 8, 'in four processes': 10 }
const POSTS = process.env.MOBLOG_TEST_BIG ? 100 : 40
const AT_ONCE = 4

const total = (statements: StatementCount[]) => statements.reduce((sum, { times }) => sum + times, 0)

describe.each(MODES)('the SQL statements of single queries, %s', (mode) => {
  let product: Product
  let mei: Person
  let jun: Person

  beforeAll(async () => {
    // Without renditions of a hundred media files, which would be made during the test.
    product = await startProduct(mode, { env: { STORAGE_WORKERS: '0' } })
    ;[mei, jun] = await signUpAll(product.url, ['Mei', 'Jun'])
    await befriend(mei, jun)
    const photo = await mediaFile('photo.jpg')
    const postOne = async () => publish(mei, { mediaIds: [(await uploadByTus(mei, photo)).id] })
    for (let done = 0; done < POSTS; done += AT_ONCE)
      await Promise.all(Array.from({ length: AT_ONCE }, postOne))
  }, 300_000)
  afterAll(() => product?.close())

  type Edge = { node: { media: { access: unknown }[] } }
  const moblogPage = async (first: number): Promise<Edge[]> =>
    (await friendMoblog(jun.client, mei.handle, { first }))?.moblog?.posts.edges ?? []
  const feedPage = async (first: number): Promise<Edge[]> =>
    (await jun.client.ask('home-feed', { first })).feed.edges

  async function statementsOfPage(read: (first: number) => Promise<Edge[]>, first: number) {
    const shown = await read(first)
    expect(shown.filter(({ node }) => node.media[0]?.access)).toHaveLength(first)
    const count = () => statementsFor(product.databaseUrl ?? '', () => read(first))
    // Renditions of the uploads may still be running. Concurrent work only adds statements, so the lowest count is the
    // page's own.
    const counts = [await count(), await count(), await count()]
    return counts.reduce((fewest, each) => (total(each) < total(fewest) ? each : fewest))
  }

  it.each([
    ['FriendMoblog', MOST_FOR_PAGE[mode], moblogPage],
    ['HomeFeed', MOST_FOR_FEED[mode], feedPage],
  ])(
    `of %s are the same number, at most %d, for a page of 5, 20 and ${POSTS} posts with media`,
    async (name, most, read) => {
      const counts: number[] = []
      for (const first of [5, 20, POSTS]) {
        const statements = await statementsOfPage(read, first)
        const count = total(statements)
        // Includes the statements, so that a failure shows which one is unexpected.
        expect({ first, isFew: count <= most, statements: count <= most ? [] : statements }).toEqual({
          first,
          isFew: true,
          statements: [],
        })
        counts.push(count)
      }
      reportFigure(`${name}, ${mode}: ${counts.join(', ')} statements for pages of 5, 20 and ${POSTS} posts`)
      expect(new Set(counts).size).toBe(1)
    },
  )
})
