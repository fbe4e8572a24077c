import { ISSUERS } from '../hosting/services.ts'
import { bareAddress, withToken } from '../scripts/client/media-address.ts'
import { friendMoblog, newestAccess, publish } from '../scripts/client/moblogs.ts'
import { befriend, type Person, signUpAll } from '../scripts/client/people.ts'
import { tusHead, tusPatch } from '../scripts/client/tus.ts'
import { requestUpload, uploadByTus } from '../scripts/client/uploads.ts'
import { fetchBytes } from '../testing/product/bytes.ts'
import { FORGERIES, forgedWithKeyOf, type Specimen, signedAmiss } from '../testing/product/forgeries.ts'
import { mediaFile } from '../testing/product/media-files.ts'
import { MODES, type Product, startProduct } from '../testing/product/product.ts'
import { decodeToken } from '../testing/product/tokens.ts'

const DOORS = ['delivery', 'page', 'gateway', 'upload'] as const

type Door = { specimen: Specimen; answers: (token: string) => Promise<[number, string][]> }

describe.each(MODES)('forged tokens, %s', (mode) => {
  let product: Product
  const doors = {} as Record<(typeof DOORS)[number], Door>

  beforeAll(async () => {
    product = await startProduct(mode)
    const [mei, jun] = (await signUpAll(product.url, ['Mei', 'Jun'])) as [Person, Person]
    await befriend(mei, jun)
    const { id } = await uploadByTus(mei, await mediaFile('photo.jpg'))
    await publish(mei, { mediaIds: [id] })
    const media = await newestAccess(jun.client, mei)
    const page = (await friendMoblog(jun.client, mei.handle))?.moblog?.access
    if (!page) throw new Error('friend-moblog returned no page access')
    const byBearer = (url: string, token: string) =>
      fetchBytes(url, { headers: { authorization: `Bearer ${decodeURIComponent(token)}` } })
    const statusAndBody = async (fetched: ReturnType<typeof fetchBytes>) => {
      const { status, bytes } = await fetched
      return [status, bytes.toString()] as [number, string]
    }
    const { origin } = new URL(page.url)
    doors.delivery = {
      specimen: await specimen(media.token),
      answers: async (token) => [
        await statusAndBody(fetchBytes(withToken(media.url, token))),
        await statusAndBody(byBearer(bareAddress(media.url), token)),
      ],
    }
    doors.page = {
      specimen: await specimen(page.token),
      answers: async (token) => [
        await statusAndBody(fetchBytes(`${origin}/m/${token}`)),
        await statusAndBody(byBearer(`${origin}/m/`, token)),
      ],
    }
    const accept = 'text/event-stream'
    const viewer = (token: string, headers: Record<string, string> = {}) =>
      fetchBytes(product.url, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${decodeURIComponent(token)}`,
          'content-type': 'application/json',
          ...headers,
        },
        body: JSON.stringify({ query: '{ viewer { id } }' }),
      })
    doors.gateway = {
      specimen: await specimen(jun.accessToken),
      answers: async (token) => [
        await statusAndBody(viewer(token)),
        await statusAndBody(viewer(token, { accept })),
      ],
    }
    const grant = await requestUpload(mei, await mediaFile('photo.jpg'))
    doors.upload = {
      specimen: await specimen(grant.key),
      answers: async (token) => {
        const key = decodeURIComponent(token)
        const { status } = await tusHead({ ...grant, key })
        const { status: written, body } = await tusPatch({ ...grant, key }, 0, new Uint8Array())
        return [
          [status, ''],
          [written === 204 ? 200 : written, body],
        ]
      },
    }
  })
  afterAll(() => product?.close())

  async function specimen(token: string): Promise<Specimen> {
    const response = await fetch(`${product.addresses.communication}/.well-known/jwks.json`)
    const { keys } = (await response.json()) as { keys: Specimen['publicKey'][] }
    const publicKey = keys.find(({ kid }) => kid === decodeToken(token).header.kid)
    if (!publicKey) throw new Error('the signing key of this token is not published')
    return { token, publicKey }
  }

  /** Expects that a token is refused in the same words as a nonsense token, in the address and as a bearer token. */
  async function expectRefused({ answers }: Door, token: string): Promise<void> {
    const refused = await answers(token)
    for (const [status] of refused) expect([400, 401, 403, 404]).toContain(status)
    expect(refused.map(withoutRequestId)).toEqual((await answers('no.such.token')).map(withoutRequestId))
  }

  // Each request has an id of its own, whatever its token is.
  const withoutRequestId = ([status, body]: readonly [number, unknown]) => [
    status,
    String(body).replace(/"requestId":"[\w-]+"/, '"requestId":"…"'),
  ]

  describe.each(DOORS)('at the %s endpoint', (name) => {
    it('the unchanged token is accepted', async () => {
      const { specimen, answers } = doors[name]
      expect((await answers(specimen.token)).map(([status]) => status)).toEqual([200, 200])
    })

    it.each(Object.keys(FORGERIES))('a token is refused: %s', async (forgery) => {
      const door = doors[name]
      await expectRefused(door, FORGERIES[forgery]?.(door.specimen) ?? '')
    })

    it.each(ISSUERS.filter((name) => name !== 'communication'))(
      'a token is refused if it is signed with the key of %s',
      async (service) => {
        const door = doors[name]
        for (const token of forgedWithKeyOf(product.dataDir, service, door.specimen))
          await expectRefused(door, token)
      },
    )

    it('tokens are refused if they have the right signature and claims that communication never issues', async () => {
      const door = doors[name]
      const tokens = Object.entries(signedAmiss(product.dataDir, door.specimen))
      expect(tokens).toHaveLength(9)
      for (const [what, token] of tokens) {
        const statuses = (await door.answers(token)).map(([status]) => status)
        expect({ what, isLetIn: statuses.includes(200) }).toEqual({ what, isLetIn: false })
        await expectRefused(door, token)
      }
    })
  })
})
