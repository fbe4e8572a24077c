import type { BrowserContext } from 'playwright-core'
import type { Person } from '../../scripts/client/people.ts'

/** The session of a user as the client keeps it in `localStorage`, below `moblog-session`. */
export function sessionOf({ id: userId, handle, displayName, accessToken, refreshToken }: Person): string {
  const expiresAt = new Date(Date.now() + 600_000).toISOString()
  return JSON.stringify({ userId, handle, displayName, accessToken, refreshToken, expiresAt })
}

/** Lets the client be signed in as a user on all pages of a browser context. */
export async function keepSignedIn(context: BrowserContext, person: Person): Promise<void> {
  await context.addInitScript(`if (!localStorage.getItem('moblog-session'))
    localStorage.setItem('moblog-session', ${JSON.stringify(sessionOf(person))})`)
}
