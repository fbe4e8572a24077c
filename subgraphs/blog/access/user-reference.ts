/** A user as this service knows one: only the id. */
export type UserReference = { __typename: 'User'; id: string }

/** A reference to a user; `communication` resolves the other fields. */
export function userReference(id: string): UserReference {
  return { __typename: 'User', id }
}
