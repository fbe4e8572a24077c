import { fileURLToPath } from 'node:url'
import { expectMember } from '../scripts/client/client.ts'
import { friendMoblog, newestAccess, publish } from '../scripts/client/moblogs.ts'
import { befriend, type Person, signUpAll } from '../scripts/client/people.ts'
import { uploadByTus } from '../scripts/client/uploads.ts'
import { eventually } from '../testing/eventually.ts'
import { fetchBytes, untilRefused } from '../testing/product/bytes.ts'
import { type EventStream, subscribe } from '../testing/product/event-stream.ts'
import { mediaFile } from '../testing/product/media-files.ts'
import { PARTS, type Part, type Product, prepareProduct } from '../testing/product/product.ts'

const SHIFTED_CLOCK = fileURLToPath(new URL('../testing/product/shifted-clock.mjs', import.meta.url))
const TWO_MINUTES = 120_000

// The clock of each service is wrong in one direction, and with MOBLOG_TEST_BIG=1 in both.
const skewed = PARTS.flatMap((part, index) => {
  const both: [Part, number][] = [
    [part, TWO_MINUTES],
    [part, -TWO_MINUTES],
  ]
  return process.env.MOBLOG_TEST_BIG ? both : both.slice(index % 2, (index % 2) + 1)
})

describe.each(skewed)('with the clock of %s wrong by %i ms', (part, aheadMs) => {
  let product: Product
  let mei: Person
  let jun: Person
  let stream: EventStream | undefined

  beforeAll(async () => {
    product = await prepareProduct('in four processes')
    product.configure(part, { NODE_OPTIONS: `--import=${SHIFTED_CLOCK}`, CLOCK_AHEAD_MS: String(aheadMs) })
    await product.start()
    ;[mei, jun] = await signUpAll(product.url, ['Mei', 'Jun'])
  })
  afterAll(() => {
    stream?.close()
    return product?.close()
  })

  it('a user uploads, is notified and publishes, and a friend opens the page and plays', async () => {
    await befriend(mei, jun)
    stream = await subscribe(product.url, { accessToken: mei.accessToken })
    await eventually(stream.lastEventId, (id) => id !== null)
    const { id } = await uploadByTus(mei, await mediaFile('clip.mp4'))
    expect((await stream.until(1))[0]).toMatchObject({ __typename: 'MediaStored', media: { id } })
    await publish(mei, { mediaIds: [id] })
    const moblog = (await friendMoblog(jun.client, mei.handle))?.moblog
    expect((await fetchBytes(moblog?.access?.url ?? '')).status).toBe(200)
    expect((await fetchBytes((await newestAccess(jun.client, mei)).url)).status).toBe(200)
  })

  it('a former friend is refused within a second, and may play again after a new friendship', async () => {
    const { url } = await newestAccess(jun.client, mei)
    const page = (await friendMoblog(jun.client, mei.handle))?.moblog?.access?.url ?? ''
    await mei.client.ask('unfriend', { input: { userId: jun.id } })
    expect(await untilRefused(url, 5_000)).toBeLessThan(1_000)
    expect(await untilRefused(page, 5_000)).toBeLessThan(1_000)
    await befriend(mei, jun)
    expect((await fetchBytes((await newestAccess(jun.client, mei)).url)).status).toBe(200)
  })

  it('the access token and the event stream of an ended session stop working', async () => {
    const { signOut } = await mei.client.ask('sign-out', {})
    expectMember(signOut, 'SignOutPayload')
    await eventually(
      () => mei.client.send('viewer', {}),
      ({ status }) => status === 401,
    )
    await stream?.ended
    expect((await jun.client.ask('viewer', {})).viewer?.id).toBe(jun.id)
  })
})
