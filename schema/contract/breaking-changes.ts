import { type Change, CriticalityLevel, diff } from '@graphql-inspector/core'
import type { GraphQLSchema } from 'graphql'

/** A change that breaks a client of the released schema, or alters the meaning of an existing element. */
export type BreakingChange = {
  /** What changed, as one line. An approval repeats it exactly. */
  description: string
  /** The changed element, for example `Post.text` or `Audience.FRIENDS`; null if the change names none. */
  element: string | null
}

/** Compares the released schema with the current one. Only additions are safe. */
export async function findBreakingChanges(
  released: GraphQLSchema,
  current: GraphQLSchema,
): Promise<BreakingChange[]> {
  const changes = await diff(released, current)
  return changes
    .filter((change) => !isSafe(change))
    .map(({ message, path }) => ({ description: message, element: path ?? null }))
}

function isSafe({ criticality, type }: Change): boolean {
  if (criticality.level === CriticalityLevel.NonBreaking) return true
  // The inspector calls new members of a union, an enum or an input "dangerous". Clients are told to expect them.
  return criticality.level === CriticalityLevel.Dangerous && type.endsWith('_ADDED')
}
