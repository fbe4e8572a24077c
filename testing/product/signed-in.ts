import type { BrowserContext } from 'playwright-core'
import type { Person } from '../../scripts/client/people.ts'

/** Lets the client be signed in as a user on all pages of a browser context, until the user signs out. */
export async function keepSignedIn(context: BrowserContext, person: Person): Promise<void> {
  const { id: userId, handle, displayName, accessToken, refreshToken } = person
  const expiresAt = new Date(Date.now() + 600_000).toISOString()
  const session = JSON.stringify({ userId, handle, displayName, accessToken, refreshToken, expiresAt })
  await context.addInitScript(`if (!localStorage.getItem('moblog-session'))
    localStorage.setItem('moblog-session', ${JSON.stringify(session)})`)
}
