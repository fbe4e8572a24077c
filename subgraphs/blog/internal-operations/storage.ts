import type { Operations } from '../../../generated/graphql/internal/blog-to-storage.ts'
import { readOperations } from '../../../platform/subgraph/operations.ts'

/** Returns an operation on the internal API of `storage`. */
export const storageOperation = readOperations<Operations>(new URL('./storage/', import.meta.url))
