import { readdirSync } from 'node:fs'

const OPERATIONS = new URL('../schema/operations/', import.meta.url)

/**
 * The names of the operations of our mobile client. Each file of `schema/operations` is named as its operation:
 * `friend-moblog.graphql` has `FriendMoblog`.
 */
export function knownOperationNames(): ReadonlySet<string> {
  const files = readdirSync(OPERATIONS).filter((file) => file.endsWith('.graphql'))
  return new Set(files.map((file) => nameOf(file.slice(0, -'.graphql'.length))))
}

function nameOf(file: string): string {
  return file
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
}
