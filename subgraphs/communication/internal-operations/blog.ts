import type { Operations } from '../../../generated/graphql/internal/communication-to-blog.ts'
import { readOperations } from '../../../platform/subgraph/operations.ts'

/** Returns an operation on the internal API of `blog`. */
export const blogOperation = readOperations<Operations>(new URL('./blog/', import.meta.url))
