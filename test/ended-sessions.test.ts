import { setTimeout as sleep } from 'node:timers/promises'
import { expectMember } from '../scripts/client/client.ts'
import { accessTo, publish, visiblePosts } from '../scripts/client/moblogs.ts'
import { befriend, type Person, signInAgain, signUp, signUpAll } from '../scripts/client/people.ts'
import { uploadByTus } from '../scripts/client/uploads.ts'
import { eventually } from '../testing/eventually.ts'
import { fetchBytes } from '../testing/product/bytes.ts'
import { mediaFile } from '../testing/product/media-files.ts'
import { APART_MODES, type Product, startProduct } from '../testing/product/product.ts'

// The goal is one second. A busy machine gets more time.
const AT_MOST_MS = 5_000

describe.each(APART_MODES)('revocation after the end of a session or a block, %s', (mode) => {
  let product: Product
  beforeAll(async () => {
    product = await startProduct(mode)
  }, 120_000)
  afterAll(() => product?.close())

  it('ends the page and media tokens of the ended session and of no other session', async () => {
    const phone = await signUp(product.url, 'Stolen')
    const laptop = await signInAgain(product.url, phone)
    const { id } = await uploadByTus(phone, await mediaFile('photo.jpg'))
    await eventually(
      () => accessTo(phone.client, id),
      (access) => access !== null,
    )
    await publish(phone, { mediaIds: [id], audience: 'ONLY_ME' })
    const tokensOfSession = async (device: Person) => {
      const moblog = (await device.client.ask('friend-moblog', { handle: phone.handle })).userByHandle?.moblog
      const page = moblog?.access?.url ?? ''
      const media = moblog?.posts?.edges[0]?.node.media[0]?.access?.url ?? ''
      const embedded = await eventually(
        async () => /(?:src|href)="([^"]*\/v\/[^"]+)"/.exec(await (await fetch(page)).text())?.[1] ?? '',
        (url) => url !== '',
        60_000,
      )
      return [page, media, embedded]
    }
    // A response that is cut off in the middle is not yet a refusal.
    const status = (url: string) =>
      fetchBytes(url).then(
        (answer) => answer.status,
        () => 0,
      )
    const statuses = (urls: string[]) => Promise.all(urls.map(status))
    const [stolen, own] = [await tokensOfSession(laptop), await tokensOfSession(phone)]
    expect(await statuses([...stolen, ...own])).toEqual(Array(6).fill(200))
    const sessions = (await phone.client.ask('sessions', {})).viewer?.sessions?.edges ?? []
    const sessionId = sessions.find(({ node }) => !node.isCurrent)?.node.id ?? ''
    const { endSession } = await phone.client.ask('end-session', { input: { sessionId } })
    expectMember(endSession, 'EndSessionPayload')
    await eventually(
      () => statuses(stolen),
      (ended) => ended.every((each) => each === 403),
      AT_MOST_MS,
    )
    expect(await statuses(own)).toEqual(Array(3).fill(200))
  }, 120_000)

  it('applies after a restart, before storage sends a byte to a user who was blocked in the meantime', async () => {
    const [mei, friend] = await signUpAll(product.url, ['Mei', 'Blocked'])
    await befriend(mei, friend)
    const { id } = await uploadByTus(mei, await mediaFile('photo.jpg'))
    await eventually(
      () => accessTo(mei.client, id),
      (access) => access !== null,
    )
    await publish(mei, { mediaIds: [id] })
    const [post] = await visiblePosts(friend.client, mei)
    const url = post?.media[0]?.access?.url ?? ''
    expect((await fetchBytes(url)).status).toBe(200)
    if (mode === 'in one process') {
      await mei.client.ask('block-user', { input: { userId: friend.id } })
      await product.program('storage').end('SIGKILL')
    } else {
      await product.program('storage').end('SIGKILL')
      await mei.client.ask('block-user', { input: { userId: friend.id } })
      // Long enough that the pause between two deliveries to storage is longer than storage takes to start.
      await sleep(4_000)
    }
    const starting = product.start()
    const answers: number[] = []
    const asking = (async () => {
      while (answers.at(-1) !== 403) {
        // The server is not listening yet.
        await fetchBytes(url, { headers: { range: 'bytes=0-0' } }).then(
          ({ status }) => answers.push(status),
          () => {},
        )
        await sleep(2)
      }
    })()
    await Promise.all([starting, asking])
    expect(answers.filter((status) => status !== 503 && status !== 403)).toEqual([])
  }, 120_000)
})
