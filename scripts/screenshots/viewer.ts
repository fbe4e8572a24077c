import { setTimeout as sleep } from 'node:timers/promises'
import type { SampleAccount } from '../../gateway/web-client/sample-accounts.ts'
import { type Client, createClient, expectMember } from '../client/client.ts'
import type { DataOf } from '../client/operations.ts'

/** The sample user who looks at the client. */
export type Viewer = {
  session: Extract<DataOf<'sign-in'>['signIn'], { __typename: 'SignInPayload' }>['session']
  client: Client
}

const READY_WITHIN_MS = 300_000

/** Signs in as the first sample user, who has friends, posts and notifications. */
export async function signInAsSample(origin: string, accounts: readonly SampleAccount[]): Promise<Viewer> {
  const [account] = accounts
  if (!account) throw new Error('there are no sample accounts')
  const { handle, password } = account
  const url = `${origin}/graphql`
  const { signIn } = await createClient(url).ask('sign-in', { input: { handle, password } })
  const { session } = expectMember(signIn, 'SignInPayload')
  return { session, client: createClient(url, session.accessToken) }
}

/** Waits until all media of the home feed have their variants, so that no picture shows a placeholder. */
export async function untilMediaAreReady({ client }: Viewer): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS
  for (;;) {
    const { feed } = await client.ask('home-feed', { first: 20 })
    const states = feed.edges.flatMap(({ node }) => node.media.map(({ state }) => state))
    if (states.length > 0 && states.every((state) => state === 'READY')) return
    if (performance.now() > deadline) throw new Error(`some media are not ready: ${states.join(', ')}`)
    await sleep(2_000)
  }
}

/** Returns a post of the home feed by a part of its text. */
export async function postWith({ client }: Viewer, text: string) {
  const { feed } = await client.ask('home-feed', { first: 20 })
  const post = feed.edges.find(({ node }) => node.text.includes(text))?.node
  if (!post) throw new Error(`there is no post with the text "${text}"`)
  return post
}
