import { startTemporaryProduct } from '../temporary-product.ts'
import { DemoAssertionError, insist } from './demo-assertion.ts'

/** The product on which the demo runs. */
export type Stage = {
  /** The address of the GraphQL endpoint. */
  url: string
  /** Describes the product in the demo's output. */
  description: string
  close(): Promise<void>
}

/** Connects to the product at the given address, or starts a temporary one if there is no address. */
export function openStage(url: string | undefined): Promise<Stage> {
  return url ? visit(url) : startOwn()
}

async function visit(address: string): Promise<Stage> {
  const url = URL.parse(address)
  if (!url)
    throw new DemoAssertionError(`"${address}" is not an address. Use one such as http://localhost:4000.`)
  if (url.pathname === '/') url.pathname = '/graphql'
  const answer = await fetch(new URL('/livez', url)).catch(() => null)
  insist(answer?.ok === true, `Moblog does not answer at ${url.origin}. Check that it is running.`)
  return { url: url.href, description: `the Moblog at ${url.origin}`, close: async () => {} }
}

async function startOwn(): Promise<Stage> {
  const { origin, startedWithinMs, close } = await startTemporaryProduct({
    // Short enough for the demo to show that a token expires.
    MEDIA_TOKEN_SECONDS: '10',
    MEDIA_TOKEN_SLACK_SECONDS: '5',
  }).catch((error: Error) => {
    throw new DemoAssertionError(error.message)
  })
  const seconds = (startedWithinMs / 1000).toFixed(1)
  return {
    url: `${origin}/graphql`,
    description: `a temporary Moblog at ${origin}, started in ${seconds} s`,
    close,
  }
}
