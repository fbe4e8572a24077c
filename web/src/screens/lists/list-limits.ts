/** The limits of the API (`createAudienceList`, `changeAudienceListMembers`). */
export const MOST_LISTS = 20
export const MOST_MEMBERS = 5_000
export const LONGEST_NAME = 50
/** The largest page of users. */
export const PAGE = 100
