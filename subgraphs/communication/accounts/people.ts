import DataLoader from 'dataloader'
import type pg from 'pg'
import type { Relationship } from '../../../generated/graphql/communication.ts'
import { isId } from '../../../platform/ids.ts'
import { relationshipOf, type Tie } from '../friends/relationship.ts'
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
  /** The viewer's tokens for what this user owns that were issued at or before this instant don't work. */
  revokedAt: Date | null
}

/** A user as the database has them, from one viewer's side. */
export type PersonRow = Omit<Person, 'relationship'> & { tie: Tie | null }

/** The columns of a `PersonRow`, of a user `u` and the viewer's relation `r` to them. */
export const PERSON_COLUMNS = `u.id, u.handle, u.display_name AS "displayName", u.about,
  u.avatar_id AS "avatarId", u.created_at AS "createdAt", r.tie, r.revoked_at AS "revokedAt"`

// Who they are and what they are to the viewer in one statement: it is the first hop of every visit to a moblog.
const SELECT_PEOPLE = `
  SELECT ${PERSON_COLUMNS}
  FROM users u LEFT JOIN relations r ON r.user_id = $1::uuid AND r.other_id = u.id`

/** The users with these ids as a viewer sees them, in no particular order; those who don't exist for the viewer are left out. */
export async function findPeople(
  pool: pg.Pool,
  viewerId: string | null,
  ids: readonly string[],
): Promise<Person[]> {
  const text = `${SELECT_PEOPLE} WHERE u.id = ANY($2::uuid[])`
  const { rows } = await pool.query<PersonRow>({ name: 'people', text, values: [viewerId, ids] })
  return visible(viewerId, rows)
}

/** The user with a handle, as someone typed it, as a viewer sees them. */
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

/** Reads people one by one, in one statement for all that a request asks for. */
export type PeopleLoader = DataLoader<string, Person | null>

/** Makes the loader of people for one request. Ids that are no UUIDs belong to nobody. */
export function peopleLoader(pool: pg.Pool, viewerId: string | null): PeopleLoader {
  return new DataLoader(async (keys) => {
    const asked = keys.filter(isId)
    const people = asked.length > 0 ? await findPeople(pool, viewerId, asked) : []
    const byId = new Map(people.map((person) => [person.id, person]))
    return keys.map((key) => byId.get(key) ?? null)
  })
}

/** Rows as people, without those who don't exist for the viewer. */
export function visible(viewerId: string | null, rows: readonly PersonRow[]): Person[] {
  return rows.flatMap(({ tie, ...person }) => {
    const relationship = relationshipOf(viewerId, person.id, tie)
    return relationship === null ? [] : [{ ...person, relationship }]
  })
}
