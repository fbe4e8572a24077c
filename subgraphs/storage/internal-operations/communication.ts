import type { Operations } from '../../../generated/graphql/internal/storage-to-communication.ts'
import { readOperations } from '../../../platform/subgraph/operations.ts'

/** Returns an operation on the internal API of `communication`. */
export const communicationOperation = readOperations<Operations>(new URL('./communication/', import.meta.url))
