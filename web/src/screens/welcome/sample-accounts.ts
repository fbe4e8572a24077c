/** An account that `npm run seed` has created. */
export type SampleAccount = { handle: string; displayName: string; password: string; note: string }

/** Who can sign in on the start page. */
type SignIn = { samples: SampleAccount[]; isElsewhere: boolean }

/**
 * Returns the sample accounts, of which there are none in production and before the seed has run, and whether accounts
 * belong to an identity provider, so that nobody can sign in here.
 */
export async function readSignIn(): Promise<SignIn> {
  try {
    const response = await fetch(new URL('sample-accounts.json', document.baseURI))
    const samples = response.ok ? ((await response.json()) as SampleAccount[]) : []
    return { samples, isElsewhere: response.headers.has('moblog-signs-in-elsewhere') }
  } catch {
    return { samples: [], isElsewhere: false }
  }
}
