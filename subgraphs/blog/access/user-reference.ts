/** A user as this service knows one: nothing but an id. */
export type UserReference = { __typename: 'User'; id: string }

/** A user for `communication` to tell the rest about. */
export function userReference(id: string): UserReference {
  return { __typename: 'User', id }
}
