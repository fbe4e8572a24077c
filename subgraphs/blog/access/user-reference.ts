import type { Relationship } from '../../../generated/graphql/blog.ts'

/** A user as this service knows one: an id, and what the gateway brought along from `communication`. */
export type UserReference = { __typename: 'User'; id: string; relationship?: Relationship }

/** A user for `communication` to tell the rest about. */
export function userReference(id: string): UserReference {
  return { __typename: 'User', id }
}
