/** An account that `npm run seed` has created. */
export type SampleAccount = { handle: string; displayName: string; password: string; note: string }

/** Returns the sample accounts; none in production, and before the seed has run. */
export async function sampleAccounts(): Promise<SampleAccount[]> {
  try {
    const response = await fetch(new URL('sample-accounts.json', document.baseURI))
    return response.ok ? ((await response.json()) as SampleAccount[]) : []
  } catch {
    return []
  }
}
