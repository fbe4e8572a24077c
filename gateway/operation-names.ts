import { operationNames } from '../schema/read-operation.ts'

/**
 * The names of the operations of our mobile client. A file of `schema/operations` is named as its operation:
 * `friend-moblog.graphql` has `FriendMoblog`.
 */
export function knownOperationNames(): ReadonlySet<string> {
  return new Set(
    operationNames().map((file) =>
      file.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    ),
  )
}
