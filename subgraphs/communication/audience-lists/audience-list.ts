/** An audience list of the viewer. */
export type AudienceList = { id: string; ownerId: string; name: string; createdAt: Date }

/** The maximum number of lists of a user. */
export const MAX_LISTS = 20

/** The maximum number of members of a list. */
export const MAX_MEMBERS = 5_000

/** The maximum number of users that one change adds, and that it removes. */
export const MAX_CHANGED = 500

/** The maximum length of a name, in characters. */
export const MAX_NAME = 50
