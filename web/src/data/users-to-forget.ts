/** A user whose data are to be deleted from this device; with their account, also what waits to be sent. */
export type UserToForget = { userId: string; isAccountDeleted: boolean }

const KEY = 'moblog-users-to-forget'

/**
 * The users whose sessions have ended on this device, and whose data are not deleted yet. It is kept, so that closing the
 * app does not keep the data.
 */
export function usersToForget(): UserToForget[] {
  const marked: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}')
  return Object.entries(marked ?? {}).map(([userId, isAccountDeleted]) => ({
    userId,
    isAccountDeleted: isAccountDeleted === true,
  }))
}

/** Marks a user whose session has ended. A deleted account stays one. */
export function markToForget(userId: string, isAccountDeleted = false): void {
  const marked = usersToForget()
  const wasDeleted = marked.some((each) => each.userId === userId && each.isAccountDeleted)
  write([
    ...marked.filter((each) => each.userId !== userId),
    { userId, isAccountDeleted: isAccountDeleted || wasDeleted },
  ])
}

/** The data of the user are deleted, or the user has signed in again. */
export function unmark(userId: string): void {
  write(usersToForget().filter((each) => each.userId !== userId))
}

function write(users: readonly UserToForget[]): void {
  const marks = users.map(({ userId, isAccountDeleted }) => [userId, isAccountDeleted])
  if (marks.length === 0) localStorage.removeItem(KEY)
  else localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(marks)))
}
