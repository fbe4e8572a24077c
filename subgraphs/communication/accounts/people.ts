import DataLoader from 'dataloader'
import type pg from 'pg'
import type { Relationship } from '../../../generated/graphql/communication.ts'
import { isId } from '../../../platform/ids.ts'
import { type RelationshipKind, relationshipOf } from '../friends/relationship.ts'
import { typedHandleKey } from './handle.ts'

/** A user as one viewer sees them. */
export type Person = {
  id: string
  handle: string
  displayName: string
  about: string | null
  avatarId: string | null
  createdAt: Date
  relationship: Relationship
  /**
   * The viewer's tokens for this user's media and page that were issued at or before this instant do not work; null if
   * none were revoked.
   */
  revokedAt: Date | null
}

/** A user row with the stored relationship to one viewer. */
export type PersonRow = Omit<Person, 'relationship'> & { kind: RelationshipKind | null }

/** The columns of a `PersonRow`, from the user `u` and the viewer's relationship `r` to that user. */
export const PERSON_COLUMNS = `u.id, u.handle, u.display_name AS "displayName", u.about,
  u.avatar_id AS "avatarId", u.created_at AS "createdAt", r.kind, r.revoked_at AS "revokedAt"`

// One statement reads the user and the relationship to the viewer, because it is the first hop of every visit to a
// moblog.
const SELECT_PEOPLE = `
  SELECT ${PERSON_COLUMNS}
  FROM users u LEFT JOIN relationships r ON r.user_id = $1::uuid AND r.other_id = u.id`

/**
 * Finds users by id as a viewer sees them, in no particular order. Users who do not exist for the viewer are omitted.
 */
export async function findPeople(
  pool: pg.Pool,
  viewerId: string | null,
  ids: readonly string[],
): Promise<Person[]> {
  const text = `${SELECT_PEOPLE} WHERE u.id = ANY($2::uuid[])`
  const { rows } = await pool.query<PersonRow>({ name: 'people', text, values: [viewerId, ids] })
  return visible(viewerId, rows)
}

/** Finds a user by a typed handle, as a viewer sees the user; null if there is none. */
export async function findPersonByHandle(
  pool: pg.Pool,
  viewerId: string | null,
  handle: string,
): Promise<Person | null> {
  const key = typedHandleKey(handle)
  if (key === null) return null
  const text = `${SELECT_PEOPLE} WHERE u.handle_key = $2`
  const { rows } = await pool.query<PersonRow>({ name: 'person-by-handle', text, values: [viewerId, key] })
  return visible(viewerId, rows)[0] ?? null
}

/** Loads users by id, with one statement for all users of a request. */
export type PeopleLoader = DataLoader<string, Person | null>

/** Creates the user loader of one request. Ids that are not UUIDs resolve to null. */
export function peopleLoader(pool: pg.Pool, viewerId: string | null): PeopleLoader {
  return new DataLoader(async (keys) => {
    const asked = keys.filter(isId)
    const people = asked.length > 0 ? await findPeople(pool, viewerId, asked) : []
    const byId = new Map(people.map((person) => [person.id, person]))
    return keys.map((key) => byId.get(key) ?? null)
  })
}

/** Converts rows to users and omits those who do not exist for the viewer. */
export function visible(viewerId: string | null, rows: readonly PersonRow[]): Person[] {
  return rows.flatMap(({ kind, ...person }) => {
    const relationship = relationshipOf(viewerId, person.id, kind)
    return relationship === null ? [] : [{ ...person, relationship }]
  })
}
