import { readFileSync } from 'node:fs'
import { type Change, CriticalityLevel, diff } from '@graphql-inspector/core'
import { buildSchema } from 'graphql'

/**
 * Returns the changes that break a client of the released schema or alter the meaning of an existing element. Only
 * additions are safe. For a release, `schema/api.graphql` is copied to `schema/released/api.graphql`.
 */
async function unsafeChanges(released: string, current: string): Promise<string[]> {
  const changes = await diff(buildSchema(released), buildSchema(current))
  return changes.filter((change) => !isSafe(change)).map(({ message }) => message)
}

function isSafe({ criticality, type }: Change): boolean {
  if (criticality.level === CriticalityLevel.NonBreaking) return true
  // The inspector calls new members of a union, an enum or an input "dangerous". The documentation asks clients to expect them.
  return criticality.level === CriticalityLevel.Dangerous && type.endsWith('_ADDED')
}

const file = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8')

it('api.graphql contains no change that breaks a client of the released schema', async () => {
  expect(await unsafeChanges(file('released/api.graphql'), file('api.graphql'))).toEqual([])
})

it('unsafeChanges accepts additions, and reports removed elements, changed types and changed defaults', async () => {
  const released = 'enum E { X } type Query { a: Int b: Int! c(d: Int = 1): E }'
  const current = 'enum E { X Y } type Query { b: Int c(d: Int = 2, e: Int): E f: Int }'
  expect(await unsafeChanges(released, current)).toHaveLength(3)
})
